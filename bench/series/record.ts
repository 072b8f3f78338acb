import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Stage, setStage } from '../../test/support/stage.ts'
import { deploymentEnds } from '../../test/support/story.ts'
import { startNodeExporter } from './node-exporter.ts'
import { packed, type Recorded } from './recording.ts'

const example = fileURLToPath(new URL('../../examples/payments/src/main.js', import.meta.url))
const hello = fileURLToPath(new URL('../../test/fixtures/hello', import.meta.url))
const order = {
  amount: 1250,
  currency: 'GBP',
  card: { number: '4242 4242 4242 4242', expiry: '12/40', cvc: '9173' },
  reference: 'bench',
}

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

/** Payments and looks at them, about fifty a second, and ten a second of what Plimsoll has delivered. */
async function loadUntil(url: string, delivered: string, signal: AbortSignal): Promise<void> {
  for (let n = 0; !signal.aborted; n++) {
    const headers = { 'content-type': 'application/json', 'idempotency-key': `bench-${n}` }
    const answer =
      n % 3 === 0
        ? fetch(`${url}/payments`, { method: 'POST', headers, body: JSON.stringify(order) })
        : fetch(`${url}/payments`)
    const both = [answer, ...(n % 5 === 0 ? [fetch(delivered)] : [])]
    for (const one of both) one.then((said) => said.arrayBuffer()).catch(() => {})
    await sleep(10 + (n % 20))
  }
}

/** A Plimsoll that has delivered a small service and watches it. */
async function startPlimsollWatching(): Promise<Stage> {
  const stage = await setStage(hello, 'hello', [0, 0, 0])
  await writeFile(join(stage.home, 'secrets.env'), 'GREETING=hello\n', { mode: 0o600 })
  await stage.edit('plimsoll.config.ts', (text) =>
    text.replace('environments: {', "watch: { interval: '5s' },\n  environments: {"),
  )
  const commit = await stage.push('Watch it')
  await deploymentEnds(stage, commit, 'production')
  return stage
}

async function scrape(url: string, token?: string): Promise<string> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(`${url}/metrics`, { headers })
  if (!answer.ok) throw new Error(`${url}/metrics answered ${answer.status}`)
  return answer.text()
}

/**
 * Scrapes of the example under load, of a Plimsoll at work and, where it is installed, of node_exporter; one a second.
 * @param keep is told of each scrape as it comes
 */
export async function record(
  seconds: number,
  keep: (job: string, scrape: Uint8Array) => void = () => {},
): Promise<readonly Recorded[]> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-series-'))
  const { child, url } = await startExample(folder)
  const exporter = existsSync('/usr/bin/prometheus-node-exporter') ? await startNodeExporter() : undefined
  const stage = await startPlimsollWatching()
  const load = new AbortController()
  const loading = loadUntil(url, `http://127.0.0.1:${stage.production}/`, load.signal)
  const targets = [
    { job: 'payments', url },
    { job: 'plimsoll', url: stage.server, token: stage.token },
    ...(exporter ? [{ job: 'node', url: exporter.url }] : []),
  ].map((target) => ({ ...target, scrapes: [] as Uint8Array[] }))
  const begin = Date.now()
  for (let i = 0; i < seconds; i++) {
    await sleep(Math.max(0, begin + i * 1_000 - Date.now()))
    for (const { job, url, token, scrapes } of targets) {
      const scraped = packed(await scrape(url, token))
      scrapes.push(scraped)
      keep(job, scraped)
    }
  }
  load.abort()
  await loading
  child.kill('SIGTERM')
  exporter?.child.kill('SIGTERM')
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
  return targets.map(({ job, scrapes }) => ({ job, scrapes }))
}
