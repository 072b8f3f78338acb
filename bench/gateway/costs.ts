import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { serverCore, startNginx } from '../load/nginx.ts'
import { gateway, type RunningProxy } from './proxies.ts'

const exec = promisify(execFile)

/** As many as a configuration may have; the path that is asked for has the form of the last. */
const templates = [
  ...Array.from({ length: 24 }, (_, i) => `/area${i}/things/:id`),
  ...Array.from({ length: 25 }, (_, i) => `/payments/:id/part${i}/:part`),
  '/payments/:id/refunds/:refund',
]
const path = '/payments/4f7c2d/refunds/17?detail=all'

/** Microseconds of CPU for each request at the ceiling. */
async function microsOf(proxy: RunningProxy, seconds: number): Promise<number> {
  const before = proxy.cpuMs()
  const args = ['-t1', '-c64', `-d${seconds}s`, `http://127.0.0.1:${proxy.port}${path}`]
  const { stdout } = await exec('taskset', ['-c', serverCore, 'wrk', ...args])
  return ((proxy.cpuMs() - before) * 1_000) / Number(/(\d+) requests in/.exec(stdout)?.[1])
}

/** Two gateways, the other one with something more, in rounds of either order. */
async function costOf(
  what: string,
  rounds: number,
  seconds: number,
  start: (folder: string, port: number) => Promise<readonly [RunningProxy, RunningProxy]>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  const upstream = await startNginx(folder)
  const [plain, other] = await start(folder, Number(new URL(upstream.url).port))
  try {
    for (const proxy of [plain, other]) await microsOf(proxy, 4)
    const all: (readonly [number, number])[] = []
    for (let round = 0; round < rounds; round++) {
      const first = round % 2 === 0 ? plain : other
      const one = await microsOf(first, seconds)
      const two = await microsOf(first === plain ? other : plain, seconds)
      all.push(first === plain ? [one, two] : [two, one])
    }
    tell(what, all, seconds)
  } finally {
    await plain.stop()
    await other.stop()
    await upstream.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function tell(what: string, all: readonly (readonly [number, number])[], seconds: number): void {
  const ratios = all.map(([without, withIt]) => withIt / without)
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
  const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`
  console.log(`CPU of the gateway for each request, ${all.length} rounds of ${seconds} s, in either order`)
  console.log(`without ${what.padEnd(14)}${median(all.map(([without]) => without)).toFixed(1)} µs`)
  console.log(`with ${what.padEnd(17)}${median(all.map(([, withIt]) => withIt)).toFixed(1)} µs`)
  console.log(`added, round by round ${ratios.map(percent).join(', ')}; median ${percent(median(ratios))}`)
}

export const costOfRoutes = (rounds: number, seconds: number): Promise<void> =>
  costOf(`${templates.length} routes`, rounds, seconds, async (folder, port) => [
    await gateway(join(folder, 'plain'), port),
    await gateway(join(folder, 'routed'), port, undefined, templates),
  ])

export const costOfLog = (rounds: number, seconds: number): Promise<void> =>
  costOf('access log', rounds, seconds, async (folder, port) => [
    await gateway(join(folder, 'plain'), port),
    await gateway(join(folder, 'logging'), port, undefined, [], {
      accessLog: { keep: 2 ** 28, query: false },
    }),
  ])

export const costOfIds = (rounds: number, seconds: number): Promise<void> =>
  costOf('ids', rounds, seconds, async (folder, port) => [
    await gateway(join(folder, 'plain'), port, undefined, [], { requestId: false }),
    await gateway(join(folder, 'named'), port),
  ])
