import { describe, expect, it } from 'vitest'
import { addToBursts, type Bursts, burstSize, noBursts } from './bursts.ts'

/** A hundred requests on the canary and nine hundred elsewhere in each span. */
const burstsIn = (spans: readonly (readonly [number, number])[]): Bursts =>
  spans.reduce(
    (b, [canary, live]) => addToBursts(b, { canary: { bad: canary, of: 100 }, live: { bad: live, of: 900 } }),
    noBursts,
  )

const times = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i))

describe('the size of bursts', () => {
  it('is 1 before anything was seen', () => expect(burstSize(noBursts)).toBe(1))

  it('is 1 when failures come one by one', () => {
    expect(burstSize(burstsIn(times(100, (i) => [i % 10 === 0 ? 1 : 0, i % 3 === 0 ? 1 : 0])))).toBe(1)
  })

  it('is 1 for a canary that always fails, while the live version does not', () => {
    expect(burstSize(burstsIn(times(20, () => [100, 1])))).toBe(1)
  })

  it('is about that of the bursts of either side', () => {
    const live = burstSize(burstsIn(times(100, (i) => [0, i % 20 === 10 ? 30 : 0])))
    expect(live).toBeGreaterThan(20)
    expect(live).toBeLessThan(32)
    expect(
      burstSize(
        burstsIn([
          [0, 0],
          [30, 0],
        ]),
      ),
    ).toBeGreaterThan(15)
  })

  it('is not raised by failures that rise and fall slowly', () => {
    expect(burstSize(burstsIn(times(200, (i) => [i % 100, Math.round(4.5 * (i % 100))])))).toBeLessThan(4)
  })

  it('is not raised by a time in which the live version is down', () => {
    const up = times(10, () => [0, 1] as const)
    const down = times(10, () => [100, 900] as const)
    expect(burstSize(burstsIn([...up, ...down, ...up]))).toBeLessThan(4)
  })
})
