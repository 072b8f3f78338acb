import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../src/main.js', import.meta.url))

export const goodCard = { number: '4242 4242 4242 4242', expiry: '12/40', cvc: '9173' }
/** Its bank takes 1.5 s. */
export const slowCard = { ...goodCard, number: '4000000000003220' }
export const declinedCard = { ...goodCard, number: '4000000000000002' }
export const order = (more = {}) => ({
  amount: 1250,
  currency: 'GBP',
  card: goodCard,
  reference: 'order-1',
  ...more,
})

/** Waits for something to become so, for five seconds at most. */
export async function until(condition) {
  for (const end = Date.now() + 5_000; Date.now() < end; await pause(10)) if (await condition()) return
  throw new Error(`it never came to be: ${condition}`)
}

export const newFolder = () => mkdtempSync(join(tmpdir(), 'payments-'))
export const dropFolder = (folder) => rmSync(folder, { recursive: true, force: true })

/** The database as an onlooker sees it, or one who means ill. */
export const openAside = (folder) => new DatabaseSync(join(folder, 'payments.db'), { timeout: 5_000 })

/** The real service in a process of its own. */
export async function startService(folder, env = {}) {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: folder, ...env },
  })
  let output = ''
  child.stdout.setEncoding('utf8')
  child.stderr.on('data', (text) => (output += text))
  const port = await new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => {
      output += text
      const listening = /"message":"listening","port":(\d+)/.exec(output)
      if (listening) resolve(Number(listening[1]))
    })
    child.once('exit', () => reject(new Error(`it did not start: ${output}`)))
  })
  const ask = async (method, path, body, headers = {}) => {
    const init = {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
    const text = await response.text()
    return {
      status: response.status,
      body: text.startsWith('{') ? JSON.parse(text) : text,
      headers: response.headers,
    }
  }
  return {
    port,
    ask,
    /** Until so many payments are being dealt with; the question itself counts, too. */
    isBusyWith: (count) =>
      until(async () => (await ask('GET', '/metrics')).body.includes(`_in_flight ${count + 1}\n`)),
    output: () => output,
    signal: (name) => child.kill(name),
    ended: once(child, 'exit').then(([code]) => code),
    async stop() {
      child.kill('SIGTERM')
      return this.ended
    },
    /** Nothing is left running, however its test ended. */
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await this.ended
    },
  }
}
