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

/** What routes cost the gateway: two gateways, one with routes, in rounds of either order. */
export async function costOfRoutes(rounds: number, seconds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  const upstream = await startNginx(folder)
  const port = Number(new URL(upstream.url).port)
  const plain = await gateway(join(folder, 'plain'), port)
  const routed = await gateway(join(folder, 'routed'), port, undefined, templates)
  try {
    for (const proxy of [plain, routed]) await microsOf(proxy, 4)
    const ratios: number[] = []
    const all: (readonly [number, number])[] = []
    for (let round = 0; round < rounds; round++) {
      const first = round % 2 === 0 ? plain : routed
      const one = await microsOf(first, seconds)
      const other = await microsOf(first === plain ? routed : plain, seconds)
      const [without, withRoutes] = first === plain ? [one, other] : [other, one]
      all.push([without, withRoutes])
      ratios.push(withRoutes / without)
    }
    const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
    const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`
    console.log(`CPU of the gateway for each request, ${rounds} rounds of ${seconds} s, in either order`)
    console.log(`without routes        ${median(all.map(([without]) => without)).toFixed(1)} µs`)
    console.log(
      `with ${templates.length} routes        ${median(all.map(([, routes]) => routes)).toFixed(1)} µs`,
    )
    console.log(`added, round by round ${ratios.map(percent).join(', ')}; median ${percent(median(ratios))}`)
  } finally {
    await plain.stop()
    await routed.stop()
    await upstream.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
