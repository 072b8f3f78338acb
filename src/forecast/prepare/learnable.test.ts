import { expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { type Forecast, forecast } from '../index.ts'
import { learnable } from './learnable.ts'

const hourMs = 3_600_000

/** Five weeks of hours: 10 at night and 30 by day, times `factor` in the last `days` days before the last `ago`. */
function history(factor: number, days: number, ago = 0): number[] {
  const random = seededRandom(3)
  const last = (35 - ago) * 24
  return Array.from({ length: 35 * 24 }, (_, t) => {
    const isOdd = t >= last - days * 24 && t < last
    const usual = 20 * (1 + 0.5 * Math.sin((t * Math.PI) / 12))
    return usual * (1 + (random.next() - 0.5) / 5) * (isOdd ? factor : 1)
  })
}

function peaksOfDays(values: readonly number[]): number[] {
  const said = forecast({ from: 0, stepMs: hourMs, values }, 7 * 24 * hourMs) as Forecast
  return Array.from({ length: 7 }, (_, day) => Math.max(...said.median.slice(day * 24, day * 24 + 24)))
}

it.each([
  [0.25, 0],
  [4, 0],
  [0.25, 3],
  [4, 3],
])('after one day of %f times as much, %i days ago, the days to come do not swing', (factor, ago) => {
  const [first, ...later] = peaksOfDays(history(factor, 1, ago)) as [number, ...number[]]
  expect(first).toBeGreaterThan(factor < 1 ? 15 : 28)
  expect(first).toBeLessThan(factor < 1 ? 33 : 55)
  for (const peak of later.slice(0, 4 - ago)) expect(Math.abs(peak - 30)).toBeLessThan(8)
})

it('what has lasted for two days is a level, and followed', () => {
  const [first] = peaksOfDays(history(2, 3)) as [number]
  expect(first).toBeGreaterThan(50)
})

it('nothing is left out of a history that is like itself', () => {
  const y = Float64Array.from(history(1, 1), Math.log)
  const isSeen = new Uint8Array(y.length).fill(1)
  expect(learnable(y, isSeen, { short: 24, long: 168 })).toBe(isSeen)
  const odd = learnable(Float64Array.from(history(4, 1, 10), Math.log), isSeen, { short: 24, long: 168 })
  expect(odd.reduce((sum, is) => sum + is, 0)).toBe(y.length - 24)
})
