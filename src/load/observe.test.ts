import { expect, it } from 'vitest'
import type { EngineEnd } from './engine/engine.ts'
import { mergeTallies, type Part } from './engine/merge.ts'
import { noCounts, Tally } from './engine/tally.ts'
import { planOf, requestsTo } from './load-test.fixture.ts'
import { observationOf, type WatchedSecond } from './observe.ts'
import { constant } from './plan/profile.ts'

const none = { upperMs: [], counts: [] }

/** So many that were due in a second, and what ended in it, with how long that took. */
function second(number: number, scheduled: number, ended: Readonly<Record<number, number>>, cpuMs?: number) {
  const upperMs = Object.keys(ended).map(Number)
  const counts = Object.values(ended)
  const answered = counts.reduce((sum, count) => sum + count, 0)
  const part: Part = {
    counts: { ...noCounts(), scheduled, sent: scheduled, answered },
    response: { upperMs, counts },
    service: none,
    sendLag: none,
    checks: { passed: 0, failed: 0 },
  }
  const told = { second: number, lengthMs: number < 3 ? 1_000 : 0, parts: new Map([['GET /', part]]) }
  return { ...told, ...(cpuMs === undefined ? {} : { cpuMs }) } satisfies WatchedSecond
}

const end: EngineEnd = {
  measuredFrom: 0,
  measuredMs: 3_000,
  tally: mergeTallies([new Tally().whole()]),
  health: [{ mostConnections: 1, busyMs: 0, gcMs: 0, longestGcMs: 0 }],
  cpuMs: 1,
  usedUp: false,
}

it('counts what was late after the last second of a step, in that second', () => {
  const seconds = [
    second(-1, 0, {}),
    second(0, 100, { 5: 100 }, 50),
    second(1, 100, { 5: 60, 300: 10 }, 40),
    second(2, 100, { 300: 40 }),
    second(3, 0, { 900: 90 }),
  ]
  const load = { model: 'open', stages: constant(100, 3_000), arrivals: 'even' } as const
  const plan = planOf(requestsTo('http://127.0.0.1:1/'), load)
  const seen = observationOf(
    end,
    seconds,
    plan,
    { quantile: 0.99, belowMs: 250 },
    {
      noise: { stealShare: 0, cpuPressureShare: null, clockStepMs: 0 },
      tookMs: 3_000,
      service: undefined,
    },
  )
  expect(seen.seconds.map(({ bad, answered, inFlight }) => [bad, answered, inFlight])).toEqual([
    [0, 100, 0],
    [10, 70, 30],
    [130, 40, 90],
  ])
  expect(seen.seconds.map((one) => one.cpuMicrosPerRequest)).toEqual([500, (40 * 1_000) / 70, undefined])
})
