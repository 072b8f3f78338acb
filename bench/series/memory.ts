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
for (let i = 0; i < hours * 240; i++) {
  const readings = Array.from(
    { length: seriesCount },
    (_, n): Reading => ({
      name: 'made_total',
      labels: { job: 'bench', instance: `10.0.0.${n % 50}:9100`, path: `/orders/${Math.floor(n / 50)}` },
      at: begin + i * 15_000,
      value: i * (n % 13) + ((i * n) % 7),
    }),
  )
  await store.append(readings)
  if (i % 4 === 0) await store.flush()
  most = Math.max(most, residentMb(process.pid))
}
console.log(JSON.stringify({ bare, most, end: residentMb(process.pid) }))
await store.close()
rmSync(folder, { recursive: true })
