import { series } from '../index.ts'
import { openSeries } from './open.ts'

/** A process to be killed: a counter by the minute, flushed now and then, of which it tells how far that is certain. */
const [folder = ''] = process.argv.slice(2)
const store = await openSeries(folder, {
  flushMs: 5,
  onProblem: (problem) => {
    throw problem
  },
})
const [said] = await store.select(series('c_total'), -1, 1e12)
let n = said?.times.length ?? 0
process.stdout.write(`begins ${n}\n`)
for (;;) {
  const readings = Array.from({ length: 7 }, (_, i) => ({
    name: 'c_total',
    labels: {},
    at: (n + i) * 60_000,
    value: n + i,
  }))
  await store.append(readings)
  n += readings.length
  if (n % 5 === 0) {
    await store.flush()
    process.stdout.write(`certain ${n}\n`)
  }
}
