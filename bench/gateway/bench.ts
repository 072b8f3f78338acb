import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { serverCore, startNginx } from '../load/nginx.ts'
import { numberOption } from '../options.ts'
import { costOfIds, costOfLog, costOfRoutes } from './costs.ts'
import { overload } from './overload.ts'
import { type RunningProxy, startProxies } from './proxies.ts'

const exec = promisify(execFile)
const bin = fileURLToPath(new URL('../../bin/plimsoll.cjs', import.meta.url))
const users = 64

/** Of those that could be measured. */
function median(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b)
  return known[known.length >> 1] ?? Number.NaN
}

type Ceiling = { readonly perSecond: number; readonly cpuMicros: number; readonly broken: string }

/** What clients of a closed loop met besides answers of 2xx and 3xx, as wrk says it. */
const brokenIn = (text: string): string =>
  [/Socket errors: (.*)/, /(Non-2xx or 3xx responses: \d+)/]
    .flatMap((of) => of.exec(text)?.[1] ?? [])
    .join('; ')

/** As many requests as the proxy answers; wrk counts them, since not every peer asks the upstream. */
async function saturate(proxy: RunningProxy, connections: number, seconds: number): Promise<Ceiling> {
  const cpuMs = proxy.cpuMs()
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, `http://127.0.0.1:${proxy.port}/`]
  const { stdout } = await exec('taskset', ['-c', serverCore, 'wrk', ...args])
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1])
  return {
    perSecond: requests / seconds,
    cpuMicros: ((proxy.cpuMs() - cpuMs) * 1_000) / requests,
    broken: brokenIn(stdout),
  }
}

type Latency = { readonly p50Ms: number; readonly p99Ms: number }
type Paced = { readonly response: Latency; readonly generator: { readonly is: string } }

const unmeasured: Latency = { p50Ms: Number.NaN, p99Ms: Number.NaN }

/**
 * Response times at a steady rate, from the intended time of each request. Not a number where the generator itself was
 * late: it then says nothing of the proxy.
 */
async function pace(port: string | number, perSecond: number, seconds: number): Promise<Latency> {
  if (perSecond === 0) return unmeasured
  const how = ['--rate', String(perSecond), '--duration', `${seconds}s`, '--warm-up', '1s', '--workers', '1']
  const url = `http://127.0.0.1:${port}/`
  const command = ['-c', serverCore, process.execPath, bin, 'load', url, ...how, '--json']
  const said = exec('taskset', command, { maxBuffer: 2 ** 26 })
  const { stdout } = await said.catch((error: { stdout: string }) => error)
  const { response, generator } = JSON.parse(stdout) as Paced
  return generator.is === 'sound' ? response : unmeasured
}

const cells = (...texts: readonly (string | number)[]): string =>
  texts.map((text, i) => (i === 0 ? String(text).padEnd(22) : String(text).padStart(12))).join('')

const microsOf = (ceilings: readonly Ceiling[] | undefined): number =>
  median((ceilings ?? []).map(({ cpuMicros }) => cpuMicros))

/** @param added nothing where no response times were measured */
function tell(name: string, ceilings: readonly Ceiling[], added: readonly Latency[], peer: number): void {
  const micros = microsOf(ceilings)
  const latencies = [({ p50Ms }: Latency) => p50Ms, ({ p99Ms }: Latency) => p99Ms].map((of) =>
    median(added.map(of)).toFixed(3),
  )
  const figures = [
    median(ceilings.map(({ perSecond }) => perSecond)).toFixed(0),
    micros.toFixed(1),
    (micros / peer).toFixed(2),
    ...(added.length === 0 ? [] : latencies),
  ]
  const broken = [...new Set(ceilings.map((ceiling) => ceiling.broken))].filter(Boolean).join(' | ')
  console.log(`${cells(name, ...figures)}   ${broken || 'none'}`)
}

/** The ceilings of all of them with far more connections, most of which wait at any time. */
async function crowded(
  proxies: readonly RunningProxy[],
  connections: number,
  rounds: number,
  seconds: number,
): Promise<void> {
  const found = new Map<string, Ceiling[]>(proxies.map(({ name }) => [name, []]))
  for (const proxy of proxies) await saturate(proxy, connections, 1)
  for (let round = 0; round < rounds; round++)
    for (const proxy of proxies) found.get(proxy.name)?.push(await saturate(proxy, connections, seconds))
  console.log(`${connections} connections`)
  const peer = microsOf(found.get('nginx'))
  for (const { name } of proxies) tell(name, found.get(name) ?? [], [], peer)
}

/** Whether each accepted request has ended in one way, also those that the clients broke off. */
async function tellLedger(proxy: RunningProxy): Promise<void> {
  const live = (await proxy.seen?.())?.counts.live
  if (!live) return
  const { accepted, answered, lost, abandoned, inFlight } = live
  const holds = accepted === answered + lost + abandoned + inFlight
  console.log(
    `ledger: ${accepted} accepted = ${answered} answered + ${lost} lost + ${abandoned} abandoned + ${inFlight} in flight: ${holds}`,
  )
}

/** CPU of a proxy for each request at its ceiling, and what it adds to response times at a rate that all can carry. */
export async function run(args: readonly string[]): Promise<void> {
  const [rounds, seconds] = [numberOption(args, 'rounds', 3), numberOption(args, 'seconds', 4)]
  if (args.includes('--routes')) return costOfRoutes(Math.max(rounds, 9), seconds)
  if (args.includes('--log')) return costOfLog(Math.max(rounds, 9), seconds)
  if (args.includes('--ids')) return costOfIds(Math.max(rounds, 9), seconds)
  const [rate, crowd] = [numberOption(args, 'rate', 1_000), numberOption(args, 'crowd', 1_000)]
  const temporary = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  const upstream = await startNginx(temporary)
  const port = new URL(upstream.url).port
  const proxies = await startProxies(temporary, Number(port))
  const ceilings = new Map<string, Ceiling[]>(proxies.map(({ name }) => [name, []]))
  const added = new Map<string, Latency[]>(proxies.map(({ name }) => [name, []]))
  try {
    // Long enough for what is compiled while it runs.
    for (const proxy of proxies) await saturate(proxy, users, 3)
    for (let round = 0; round < rounds; round++) {
      const direct = await pace(port, rate, seconds)
      for (const proxy of proxies) {
        ceilings.get(proxy.name)?.push(await saturate(proxy, users, seconds))
        const { p50Ms, p99Ms } = await pace(proxy.port, rate, seconds)
        added.get(proxy.name)?.push({ p50Ms: p50Ms - direct.p50Ms, p99Ms: p99Ms - direct.p99Ms })
      }
    }
    console.log(
      `${users} connections, the proxy on a core of its own, one nginx and the clients on the other; ${rounds} rounds of ${seconds} s, interleaved; latencies at ${rate}/s`,
    )
    console.log(
      `${cells('proxy', 'requests/s', 'CPU µs', '× nginx', 'added p50', 'added p99')}   errors at the ceiling`,
    )
    const peer = microsOf(ceilings.get('nginx'))
    for (const { name } of proxies) tell(name, ceilings.get(name) ?? [], added.get(name) ?? [], peer)
    await crowded(proxies, crowd, rounds, seconds)
    for (const proxy of proxies) await tellLedger(proxy)
    await overload(join(temporary, 'overload'), 2 * seconds)
  } finally {
    for (const proxy of proxies) await proxy.stop()
    await upstream.stop()
    rmSync(temporary, { recursive: true, force: true })
  }
}
