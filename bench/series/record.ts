import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startNodeExporter } from './node-exporter.ts'

const example = fileURLToPath(new URL('../../examples/payments/src/main.js', import.meta.url))
const order = {
  amount: 1250,
  currency: 'GBP',
  card: { number: '4242 4242 4242 4242', expiry: '12/40', cvc: '9173' },
  reference: 'bench',
}

/** What an endpoint said, each second. */
export type Recorded = { readonly job: string; readonly texts: readonly string[] }

async function startExample(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const env = { ...process.env, PORT: '0', DATA_DIR: folder }
  const child = spawn(process.execPath, [example], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text) => {
      const [, port] = /"message":"listening","port":(\d+)/.exec(String(text)) ?? []
      if (port) resolve(port)
    })
    child.once('exit', () => reject(new Error('the example did not start')))
  })
  return { child, url: `http://127.0.0.1:${port}` }
}

/** Payments and looks at them, about fifty a second. */
async function loadUntil(url: string, signal: AbortSignal): Promise<void> {
  for (let n = 0; !signal.aborted; n++) {
    const headers = { 'content-type': 'application/json', 'idempotency-key': `bench-${n}` }
    const answer =
      n % 3 === 0
        ? fetch(`${url}/payments`, { method: 'POST', headers, body: JSON.stringify(order) })
        : fetch(`${url}/payments`)
    answer.then((said) => said.arrayBuffer()).catch(() => {})
    await sleep(10 + (n % 20))
  }
}

async function scrape(url: string): Promise<string> {
  const answer = await fetch(`${url}/metrics`)
  return answer.text()
}

/** Scrapes of the example under load and, where it is installed, of node_exporter; one a second. */
export async function record(seconds: number): Promise<readonly Recorded[]> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-series-'))
  const { child, url } = await startExample(folder)
  const exporter = existsSync('/usr/bin/prometheus-node-exporter') ? await startNodeExporter() : undefined
  const load = new AbortController()
  const loading = loadUntil(url, load.signal)
  const targets = [{ job: 'payments', url }, ...(exporter ? [{ job: 'node', url: exporter.url }] : [])]
  const recorded = targets.map(({ job, url }) => ({ job, url, texts: [] as string[] }))
  const begin = Date.now()
  for (let i = 0; i < seconds; i++) {
    await sleep(Math.max(0, begin + i * 1_000 - Date.now()))
    for (const target of recorded) target.texts.push(await scrape(target.url))
  }
  load.abort()
  await loading
  child.kill('SIGTERM')
  exporter?.child.kill('SIGTERM')
  rmSync(folder, { recursive: true, force: true })
  return recorded.map(({ job, texts }) => ({ job, texts }))
}
