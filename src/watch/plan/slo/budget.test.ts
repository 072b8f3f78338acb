import { describe, expect, it } from 'vitest'
import { budgetOf } from './budget.ts'
import { dayMs, evenTraffic, hourMs, promise } from './traffic.fixture.ts'

const slo = promise(0.999, 28)

describe('the budget', () => {
  it('is whole when nothing fails, and lasts', () => {
    expect(budgetOf(slo, evenTraffic(0, []))).toMatchObject({ left: 1, evenBurn: 0, burnNow: 0, coverage: 1 })
    expect(budgetOf(slo, evenTraffic(0, []))).not.toHaveProperty('endsInMs')
  })

  it('weighs events: a quiet hour without one that succeeds costs what it had', () => {
    const counts = (lengthMs: number) =>
      lengthMs === slo.window
        ? { bad: 10, total: 1_000_000, coverage: 1 }
        : { bad: 10, total: 10, coverage: 1 }
    expect(budgetOf(slo, counts)?.left).toBeCloseTo(0.99, 9)
  })

  it('ends at the burn of the last hour', () => {
    const seen = budgetOf(slo, evenTraffic(0, [{ from: -hourMs, share: 0.01 }]))
    expect(seen?.burnNow).toBeCloseTo(10, 9)
    expect(seen?.evenBurn).toBeCloseTo(10 / 672, 9)
    expect(seen?.left).toBeCloseTo(1 - 10 / 672, 9)
    expect((seen?.endsInMs ?? 0) / dayMs).toBeCloseTo(2.8 * (1 - 10 / 672), 9)
  })

  it('can be overspent, and has ended then', () => {
    expect(budgetOf(slo, evenTraffic(0, [{ from: -28 * dayMs, share: 0.002 }]))).toMatchObject({
      left: expect.closeTo(-1, 9),
      endsInMs: 0,
    })
  })

  it('of a service that is a day old is that of the whole period', () => {
    const seen = budgetOf(
      slo,
      evenTraffic(0, [{ from: -dayMs, share: 0.007 }], { since: -dayMs, ratePerSecond: 10 }),
    )
    expect(seen).toMatchObject({ left: expect.closeTo(0.75, 9), coverage: expect.closeTo(1 / 28, 9) })
    expect(seen?.evenBurn).toBeCloseTo(7, 9)
  })

  it('is unknown when nothing happened', () => {
    expect(budgetOf(slo, () => ({ bad: 0, total: 0, coverage: 1 }))).toBeUndefined()
    expect(budgetOf(slo, () => ({ bad: 0, total: 0, coverage: 0 }))).toBeUndefined()
  })
})
