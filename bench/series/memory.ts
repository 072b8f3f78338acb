import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSeries } from '../../src/series/embedded/open.ts'
import type { Reading } from '../../src/series/index.ts'
import { residentMb } from './measure.ts'

/** By itself, so that its memory is that of a store and nothing else: many series for some hours, every 15 s. */
const [seriesCount = 10_000, hours = 1] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-series-'))
const store = await openSeries(folder, {
  onProblem: (problem) => console.error(problem.message),
  mostSeries: seriesCount,
})
const begin = 1_790_000_000_000
const bare = residentMb(process.pid)
let most = 0
/** How long one takes that writes what came in 15 s. */
const flushes: number[] = []
/** As a target says it: some hundred series at once. */
const eachTarget = 500

const scrape = (target: number, i: number): Reading[] =>
  Array.from({ length: eachTarget }, (_, n) => ({
    name: 'made_total',
    labels: { job: 'bench', instance: `10.0.0.${target}:9100`, path: `/orders/${n}` },
    at: begin + i * 15_000,
    value: i * (n % 13) + ((i * n) % 7),
  }))

for (let i = 0; i < hours * 240; i++) {
  for (let target = 0; target < seriesCount / eachTarget; target++) await store.append(scrape(target, i))
  const asked = performance.now()
  await store.flush()
  flushes.push(performance.now() - asked)
  most = Math.max(most, residentMb(process.pid))
}
flushes.sort((a, b) => a - b)
const [flushMs, slowestMs] = [flushes[flushes.length >> 1], flushes.at(-1)]
console.log(JSON.stringify({ bare, most, flushMs, slowestMs }))
await store.close()
rmSync(folder, { recursive: true })
