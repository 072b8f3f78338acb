import { expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { edgeOf, type Outlook } from '../outlook.ts'
import { scaleOf } from '../scale.ts'
import { conformal, roll } from './conformal.ts'
import { missesMore } from './misses-more.ts'
import { usualRange } from './usual-range.ts'

const season = 24

/** Ten days: 20 at night, always; at noon 80 to 120. */
const tenDays = Float64Array.from({ length: 10 * season }, (_, t) =>
  t % season === 12 ? 80 + 40 * ((Math.floor(t / season) % 5) / 4) : 20,
)

it('an hour keeps to what it had and a bit more, and to what any hour had, a smaller bit more', () => {
  const usual = usualRange(tenDays, season, scaleOf(new Float64Array([-1, 1])))
  expect(usual(12)).toEqual([80 - 0.15 * 40, 120 + 0.04 * 100])
  expect(usual(3)).toEqual([20, 20])
  const [low, high] = usual(12 + 7 * season)
  expect(low).toBeLessThan(80 - 0.15 * 40)
  expect(high).toBeGreaterThan(120 + 0.04 * 100)
})

it('an edge beyond that is drawn in, as far as to half of its way', () => {
  const scale = scaleOf(new Float64Array([-1_000, 1_000]))
  const outlook: Outlook = {
    method: 'seasonal-autoregression',
    why: '',
    centre: new Float64Array([100]),
    halfWidth: () => 60,
    edgesAre: 'even-in-units',
    usual: () => [50, 120],
  }
  expect(edgeOf(outlook, scale, 95, 0, -1)).toBe(50)
  expect(edgeOf(outlook, scale, 95, 0, 1)).toBe(130)
  const near = { ...outlook, halfWidth: () => 10 }
  expect([edgeOf(near, scale, 95, 0, -1), edgeOf(near, scale, 95, 0, 1)]).toEqual([90, 110])
})

it('what a model has not seen is missed by more, so far ahead as it is', () => {
  const random = seededRandom(4)
  const y = Float64Array.from({ length: 600 }, () => random.next())
  /** Misses by noise, and `drift` a step ahead. */
  const model = (drift: number) => (_: Float64Array, __: number, into: Float64Array) =>
    into.forEach((_, h) => {
      into[h] = 0.5 + drift * h
    })
  const rolled = roll(model(0), y, 100, 48)
  const asGood = missesMore(model(0), y, 300, rolled)
  expect([0, 20, 47, 400].map(asGood)).toEqual([1, 1, 1, 1])
  const worse = missesMore(model(0.05), y, 300, rolled)
  expect(worse(0)).toBeLessThan(1.5)
  expect(worse(20)).toBeGreaterThan(2)
  expect(worse(40)).toBeGreaterThan(1.5 * worse(20))
  expect(worse(400)).toBe(worse(47))
})

it('three origins at least say so', () => {
  const y = new Float64Array(600).map((_, t) => t % 7)
  const rolled = roll((_, __, into) => into.fill(3), y, 100, 48)
  expect(missesMore((_, __, into) => into.fill(50), y, 545, rolled)(10)).toBe(1)
  expect(missesMore((_, __, into) => into.fill(50), y, 400, rolled)(10)).toBeGreaterThan(5)
})

it('errors of any size have widths of their size', () => {
  const random = seededRandom(9)
  const noise = Float64Array.from({ length: 700 }, () => random.next() - 0.5)
  const widthOf = (unit: number): number => {
    const y = noise.map((value) => value * unit)
    return (
      conformal(
        roll((_, __, into) => into.fill(0), y, 100, 24),
        y.length,
        season,
      )(80, 5) / unit
    )
  }
  const usual = widthOf(1)
  expect(usual).toBeGreaterThan(0.3)
  for (const unit of [1e-170, 1e-30, 1e150]) expect(widthOf(unit) / usual).toBeCloseTo(1, 6)
})
