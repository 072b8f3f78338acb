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

type Make = (folder: string, port: number) => Promise<RunningProxy>

/** CPU for each request of both, round by round, in either order. */
async function inTurns(
  [plain, other]: readonly [RunningProxy, RunningProxy],
  isFirst: boolean,
  rounds: number,
  seconds: number,
): Promise<readonly (readonly [number, number])[]> {
  for (const proxy of isFirst ? [plain, other] : [other, plain]) await microsOf(proxy, 4)
  const all: (readonly [number, number])[] = []
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0 ? plain : other
    const one = await microsOf(first, seconds)
    const two = await microsOf(first === plain ? other : plain, seconds)
    all.push(first === plain ? [one, two] : [two, one])
  }
  return all
}

/**
 * Two gateways, the other one with something more. Of two that are the same the one that has waited before its first request takes
 * a fifth more here, for its whole life: so each is first once.
 */
async function costOf(
  what: string,
  rounds: number,
  seconds: number,
  plain: Make,
  other: Make,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  const upstream = await startNginx(folder)
  const port = Number(new URL(upstream.url).port)
  try {
    const all: (readonly [number, number])[] = []
    for (const isFirst of [true, false]) {
      const begin = [
        () => plain(join(folder, `plain${isFirst}`), port),
        () => other(join(folder, `other${isFirst}`), port),
      ]
      const begun: RunningProxy[] = []
      for (const one of isFirst ? begin : begin.toReversed()) begun.push(await one())
      const [one, two] = (isFirst ? begun : begun.toReversed()) as [RunningProxy, RunningProxy]
      all.push(...(await inTurns([one, two], isFirst, rounds, seconds)))
      for (const proxy of begun) await proxy.stop()
    }
    tell(what, all, seconds)
  } finally {
    await upstream.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function tell(what: string, all: readonly (readonly [number, number])[], seconds: number): void {
  const ratios = all.map(([without, withIt]) => withIt / without)
  const half = all.length / 2
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
  const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`
  console.log(`CPU of the gateway for each request, ${all.length} rounds of ${seconds} s, in either order`)
  console.log(`without ${what.padEnd(14)}${median(all.map(([without]) => without)).toFixed(1)} µs`)
  console.log(`with ${what.padEnd(17)}${median(all.map(([, withIt]) => withIt)).toFixed(1)} µs`)
  console.log(
    `added, round by round ${ratios.map(percent).join(', ')}; medians ${percent(median(ratios.slice(0, half)))} and ${percent(median(ratios.slice(half)))}, together ${percent(Math.sqrt(median(ratios.slice(0, half)) * median(ratios.slice(half))))}`,
  )
}

const plain: Make = (folder, port) => gateway(folder, port)

export const costOfRoutes = (rounds: number, seconds: number): Promise<void> =>
  costOf(`${templates.length} routes`, rounds, seconds, plain, (folder, port) =>
    gateway(folder, port, undefined, templates),
  )

export const costOfLog = (rounds: number, seconds: number): Promise<void> =>
  costOf('access log', rounds, seconds, plain, (folder, port) =>
    gateway(folder, port, undefined, [], { accessLog: { keep: 2 ** 28, query: false } }),
  )

export const costOfIds = (rounds: number, seconds: number): Promise<void> =>
  costOf(
    'ids',
    rounds,
    seconds,
    (folder, port) => gateway(folder, port, undefined, [], { requestId: false }),
    plain,
  )
