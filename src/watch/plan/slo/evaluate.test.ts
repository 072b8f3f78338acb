import { describe, expect, it, test } from 'vitest'
import { judgeSlo, type Standing } from './evaluate.ts'
import {
  dayMs,
  evenTraffic,
  type Failing,
  hourMs,
  minuteMs,
  promise,
  usualLowTraffic,
} from './traffic.fixture.ts'
import { alertWindows, canFire, neededBadShare, timeToFireMs } from './windows.ts'

const objectives = [0.9, 0.99, 0.999, 0.9999]
const periods = [7, 28, 30]
const combinations = periods.flatMap((days) => objectives.map((objective) => ({ days, objective })))

/** First moment, to a second, at which something holds; undefined: not within the limit. */
function firstAt(limitMs: number, isSo: (now: number) => boolean): number | undefined {
  if (!isSo(limitMs)) return undefined
  let [no, yes] = [0, limitMs]
  while (yes - no > 1_000) {
    const middle = (no + yes) / 2
    if (isSo(middle)) yes = middle
    else no = middle
  }
  return yes
}

const fires = ({ alerts }: Standing, longMs: number): boolean =>
  alerts.some(({ window, quiet }) => window.longMs === longMs && quiet === undefined)

describe('thresholds', () => {
  it.each([
    [7, [3.36, 1.4, 0.7, 0.2333]],
    [28, [13.44, 5.6, 2.8, 0.9333]],
    [30, [14.4, 6, 3, 1]],
  ])('follow a period of %i days', (days, burns) => {
    const windows = alertWindows(days * dayMs)
    expect(windows.map(({ burn }) => Number(burn.toPrecision(4)))).toEqual(burns)
    for (const { longMs, shortMs } of windows) expect(shortMs).toBe(longMs / 12)
  })

  it('that more than all requests would have to exceed are known', () => {
    const silent = combinations.flatMap(({ days, objective }) =>
      alertWindows(days * dayMs)
        .filter((window) => !canFire(window, objective))
        .map(({ longMs }) => `${days} d at ${objective}: ${longMs / hourMs} h`),
    )
    expect(silent).toEqual(['28 d at 0.9: 1 h', '30 d at 0.9: 1 h'])
  })
})

/** The formulas are those of traffic so high that chance plays no part. */
const withoutChance = (objective: number, days: number) => ({
  ...promise(objective, days),
  lowTraffic: { ...usualLowTraffic, chance: 1 },
})

describe('the time to fire', () => {
  it.each([
    [1, 52_000],
    [0.1, 8.6 * minuteMs],
    [0.02, 43 * minuteMs],
    [0.007, 5.1 * hourMs],
    [0.004, 18 * hourMs],
    [0.002, 36 * hourMs],
  ])('at 99.9 % over 30 days with %f failing is as published', (share, publishedMs) => {
    const slo = promise(0.999)
    const at = firstAt(4 * dayMs, (now) => {
      return judgeSlo(slo, evenTraffic(now, [{ from: 0, share }])).severity !== undefined
    })
    expect((at ?? 0) / publishedMs).toBeGreaterThan(0.98)
    expect((at ?? 0) / publishedMs).toBeLessThan(1.02)
  })

  it.each(combinations)(
    'of each alert over $days days at $objective is its formula',
    ({ days, objective }) => {
      const slo = withoutChance(objective, days)
      for (const window of alertWindows(slo.window)) {
        for (const factor of [1.2, 2, 5, 20]) {
          const share = Math.min(1, factor * neededBadShare(window, objective))
          const wanted = timeToFireMs(window, objective, share)
          const at = firstAt(window.longMs, (now) =>
            fires(judgeSlo(slo, evenTraffic(now, [{ from: 0, share }])), window.longMs),
          )
          if (Number.isFinite(wanted)) expect(Math.abs((at ?? 0) - wanted)).toBeLessThanOrEqual(1_000)
          else expect(at).toBeUndefined()
        }
      }
    },
  )

  it.each(combinations)(
    'and to clear follow the short window over $days days at $objective',
    ({ days, objective }) => {
      const slo = withoutChance(objective, days)
      for (const window of alertWindows(slo.window).filter((one) => canFire(one, objective))) {
        const share = Math.min(1, 3 * neededBadShare(window, objective))
        const failing: Failing = { from: 0, to: window.longMs, share }
        const burning = (now: number) => fires(judgeSlo(slo, evenTraffic(now, [failing])), window.longMs)
        const clears = firstAt(2 * window.longMs, (now) => now > window.longMs && !burning(now)) ?? 0
        // The short window holds just as much that is bad as is allowed.
        const wanted = window.longMs + window.shortMs * (1 - neededBadShare(window, objective) / share)
        expect(Math.abs(clears - wanted)).toBeLessThanOrEqual(1_000)
      }
    },
  )
})

describe('a page', () => {
  it('suppresses the tickets of its SLO, which fire all the same', () => {
    const standing = judgeSlo(promise(0.999), evenTraffic(0, [{ from: -3 * dayMs, share: 0.5 }]))
    expect(standing.severity).toBe('page')
    expect(standing.alerts.map(({ quiet, isSuppressed }) => [quiet, isSuppressed])).toEqual([
      [undefined, false],
      [undefined, false],
      [undefined, true],
      [undefined, true],
    ])
  })

  it('is over when the short window is, and the tickets are told then', () => {
    const standing = judgeSlo(promise(0.999), evenTraffic(0, [{ from: -2 * dayMs, to: -hourMs, share: 0.5 }]))
    expect(standing.severity).toBe('ticket')
    expect(standing.alerts.map(({ quiet }) => quiet)).toEqual(['burnsSlowly', 'isOver', undefined, undefined])
  })
})

describe('with few requests', () => {
  const slo = promise(0.999, 28)
  const why = (bad: number, perHour: number, more: Partial<{ period: number; coverage: number }> = {}) => {
    const { period = perHour * 24 * 28, coverage = 1 } = more
    const standing = judgeSlo(slo, (lengthMs) =>
      lengthMs === slo.window
        ? { bad, total: period, coverage: 1 }
        : { bad, total: (perHour * lengthMs) / hourMs, coverage },
    )
    return standing.alerts[0]?.quiet
  }

  it.each([
    ['a handful of failures alerts nobody', 'areFew', () => why(4, 60)],
    ['one more does', undefined, () => why(5, 60)],
    [
      'what a quiet night fails counts against a busy month',
      'spendsLittle',
      () => why(20, 60, { period: 1e6 }),
    ],
    ['and alerts when it is much even of that', undefined, () => why(20, 60, { period: 900_000 })],
    ['what chance may have done is none', 'mayBeChance', () => why(14, 1_000)],
    ['what it hardly may have done is one', undefined, () => why(24, 1_000)],
    [
      'a window of which little is known says nothing',
      'littleIsKnown',
      () => why(60, 60, { coverage: 0.49 }),
    ],
    ['one of which half is known does', undefined, () => why(60, 60, { coverage: 0.5 })],
    ['nothing that happened is nothing bad', 'burnsSlowly', () => why(0, 0)],
  ] as const)('%s', (_what, wanted, said) => expect(said()).toBe(wanted))

  it('the team says how few', () => {
    const counts = evenTraffic(0, [{ from: -hourMs, share: 1 }], { ratePerSecond: 3 / 3_600 })
    const careful = { ...slo, lowTraffic: { ...usualLowTraffic, bad: 3 } }
    expect(judgeSlo(slo, counts).alerts[0]?.quiet).toBe('areFew')
    expect(judgeSlo(careful, counts).alerts[0]?.quiet).toBeUndefined()
  })
})

test('a service that began an hour ago is judged by what it will have in its period', () => {
  const began = { since: -hourMs, ratePerSecond: 10 }
  const standing = judgeSlo(promise(0.999), evenTraffic(0, [{ from: -hourMs, share: 0.02 }], began))
  expect(standing.alerts.map(({ quiet }) => quiet)).toEqual([
    undefined,
    'littleIsKnown',
    'littleIsKnown',
    'littleIsKnown',
  ])
})
