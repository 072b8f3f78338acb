import { expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { fitAutoregression, fittable, recurse } from './autoregression.ts'
import { quantileOf, selectInPlace } from './order.ts'
import { solveInPlace } from './solve.ts'

/** y[t] = 0.5 y[t−1] + 0.3 y[t−12] + 2, with noise and, now and then, nonsense. */
function known(n: number, isWild: (t: number) => boolean = () => false): Float64Array {
  const random = seededRandom(2)
  const y = new Float64Array(n).fill(10)
  for (let t = 12; t < n; t++)
    y[t] = 0.5 * (y[t - 1] as number) + 0.3 * (y[t - 12] as number) + 2 + random.next() - 0.5
  return y.map((value, t) => (isWild(t) ? value + 40 : value))
}

it('finds the coefficients that a series was made with', () => {
  const model = fitAutoregression(fittable(known(3_000)), { lags: [1, 12] })
  expect(model?.weights[0]).toBeCloseTo(0.5, 1)
  expect(model?.weights[1]).toBeCloseTo(0.3, 1)
  const next = new Float64Array(1)
  const y = known(3_000)
  if (model) recurse(model, y, y.length, next, [0, 100])
  expect(next[0]).toBeCloseTo(0.5 * (y.at(-1) ?? 0) + 0.3 * (y.at(-12) ?? 0) + 2, 0)
})

it('learns nothing of what was not seen', () => {
  const isWild = (t: number) => t % 50 === 49
  const isSeen = Uint8Array.from({ length: 3_000 }, (_, t) => (isWild(t) ? 0 : 1))
  const model = fitAutoregression(fittable(known(3_000, isWild), isSeen), { lags: [1, 12] })
  expect(model?.weights[0]).toBeCloseTo(0.5, 1)
  expect(model?.weights[1]).toBeCloseTo(0.3, 1)
})

it('says of a series what it finds of its changes', () => {
  const y = Float64Array.from({ length: 200 }, (_, t) => 3 * t + (t % 7))
  const model = fitAutoregression(fittable(y), { lags: [1, 2], difference: 7 })
  const next = new Float64Array(7)
  if (model) recurse(model, y, y.length, next, [0, 1e6])
  next.forEach((value, h) => {
    expect(value).toBeCloseTo(3 * (200 + h) + ((200 + h) % 7), 1)
  })
})

it('fits nothing to too few', () => {
  expect(fitAutoregression(fittable(known(16)), { lags: [1, 12] })).toBeUndefined()
})

it('solves what can be solved, and says what cannot', () => {
  const b = Float64Array.of(8, 9)
  expect(solveInPlace(Float64Array.of(4, 0, 2, 3), b, 2)).toBe(true)
  expect(b[0]).toBeCloseTo(0.75, 9)
  expect(b[1]).toBeCloseTo(2.5, 9)
  expect(solveInPlace(Float64Array.of(1, 0, 2, 4), Float64Array.of(1, 1), 2)).toBe(false)
})

it('selects as sorting would', () => {
  const random = seededRandom(4)
  const values = Float64Array.from({ length: 101 }, () => Math.floor(random.next() * 30))
  for (const rank of [0, 1, 50, 99, 100])
    expect(selectInPlace(values.slice(), rank)).toBe(values.toSorted()[rank])
  expect(quantileOf([1, 2, 3, 4], 0.5)).toBe(2.5)
})
