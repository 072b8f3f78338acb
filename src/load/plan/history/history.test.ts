import { describe, expect, test } from 'vitest'
import { historyOf } from './history.ts'
import { calm, stepsOf } from './testdata/steps.ts'

describe('a history', () => {
  test('of nothing says so', () =>
    expect(historyOf([])).toEqual({
      points: [],
      total: null,
      shifts: [],
      drift: null,
      leftOut: [],
      text: 'no release that ran here was compared yet',
    }))

  test('has the product of all ratios at each release, beginning with the one before the first', () => {
    const { points, total } = historyOf(stepsOf([0.1, -0.5, 0.2]), { first: { release: 'r0', at: 5 } })
    expect(points.map(({ release, at, comparison }) => [release, at, comparison])).toEqual([
      ['r0', 5, undefined],
      ['r1', 1_000, 'c1'],
      ['r2', 2_000, 'c2'],
      ['r3', 3_000, 'c3'],
    ])
    for (const [at, index] of [1, 1.1, 0.55, 0.66].entries()) expect(points[at]?.index).toBeCloseTo(index, 12)
    expect(points.map(({ interval }) => interval?.low.toFixed(2))).toEqual([
      undefined,
      '0.08',
      '-0.52',
      '0.18',
    ])
    expect(total?.ratio).toBeCloseTo(-0.34, 12)
  })

  test('has no point for a release that could not be compared, and says so', () => {
    const found = historyOf(stepsOf([0.01, null, -0.01]))
    expect(found.points.map(({ release }) => release)).toEqual(['r1', 'r3'])
    expect(found.leftOut).toEqual([{ release: 'r2', comparison: 'c2' }])
    expect(found.text).toMatch(/^carries as much as 3 releases ago .*; one release could not be compared$/)
  })

  test('names the release that shifted the load line', () => {
    const found = historyOf(stepsOf([...calm(10), -0.11, ...calm(10)]))
    expect(found.shifts).toMatchObject([{ release: 'r11', ratio: -0.11 }])
    expect(found.shifts[0]?.p).toBeLessThan(0.001)
    expect(found).toMatchObject({ drift: null, text: 'carries 11 % less since r11 (p < 0.001)' })
  })

  test('of a bad release that was mended at once has neither shift nor drift', () => {
    const found = historyOf(stepsOf([...calm(10), -0.11, 0.124, ...calm(10)]))
    expect(found).toMatchObject({ shifts: [], drift: null })
    expect(found.text).toMatch(/no lasting change$/)
  })

  const slow = Array.from({ length: 20 }, () => -0.01)

  test('finds what each release lost a little of', () => {
    const found = historyOf(stepsOf([...calm(10), ...slow]))
    expect(found.shifts).toEqual([])
    expect(found.drift).toMatchObject({ last: 'r30', isGoingOn: true })
    expect(found.text).toMatch(/^has lost 1\d % over the last 2\d releases, a little with each$/)
  })

  test('counts releases without a figure within a drift, but not the shift in its sum', () => {
    const found = historyOf(stepsOf([...slow.slice(10), null, -0.2, ...slow.slice(10)]))
    expect(found.shifts).toMatchObject([{ release: 'r12' }])
    expect(found.drift).toMatchObject({ first: 'r1', last: 'r22', releases: 22, isGoingOn: true })
    expect(found.drift?.ratio).toBeCloseTo(0.99 ** 20 - 1, 12)
  })

  test('says of a drift that is over up to which release it went', () => {
    const { drift, text } = historyOf(stepsOf([...slow, ...calm(20)]))
    expect(drift).toMatchObject({ first: 'r1', isGoingOn: false })
    expect(text).toBe(`lost 18 % over ${drift?.releases} releases up to ${drift?.last}, a little with each`)
  })

  test('is plain JSON, and the same every time', () => {
    const steps = stepsOf([...calm(10), ...slow, null, -0.2])
    expect(JSON.parse(JSON.stringify(historyOf(steps)))).toEqual(historyOf(steps))
  })
})
