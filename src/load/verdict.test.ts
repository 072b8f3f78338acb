import { expect, it } from 'vitest'
import type { EngineEnd } from './engine/engine.ts'
import { mergeTallies } from './engine/merge.ts'
import { noCounts, Tally } from './engine/tally.ts'
import { generatorOf } from './generator-health.ts'
import { open, planOf, requestsTo } from './load-test.fixture.ts'
import { figuresOf } from './plan/figures.ts'
import { judgeThreshold, parseThresholds, type Threshold } from './plan/thresholds.ts'
import { conclude } from './verdict.ts'

const durationMs = 1_000
const requests = 50

/** All requests took so long; the generator collected garbage for `gcMs` in all, and each was sent `lateMs` late. */
type Run = {
  readonly serviceMs: number
  readonly gcMs: number
  readonly lateMs?: number
  readonly errors?: number
  readonly busyMs?: number
}

function verdictOf(text: string, { serviceMs, gcMs, lateMs = 0, errors = 0, busyMs = 0 }: Run): string {
  const plan = planOf(requestsTo('http://127.0.0.1:1/'), open(requests, durationMs))
  const took = (ms: number) => ({ upperMs: [ms], counts: [requests] })
  const counts = { ...noCounts(), scheduled: requests, sent: requests, answered: requests, errors }
  const timings = {
    response: took(serviceMs + lateMs),
    service: took(serviceMs),
    sendLag: took(lateMs),
  }
  const end: EngineEnd = {
    measuredFrom: 0,
    measuredMs: durationMs,
    tally: { ...mergeTallies([new Tally().whole()]), counts, ...timings },
    health: [{ mostConnections: 1, busyMs, gcMs, longestGcMs: gcMs }],
    cpuMs: 1,
    usedUp: false,
  }
  const figures = figuresOf(counts, { passed: 0, failed: 0 }, durationMs, {
    response: timings.response,
    service: timings.service,
    lag: timings.sendLag,
  })
  const { thresholds } = parseThresholds([text])
  const limits = thresholds.flatMap(({ metric, limit }) => (metric.is === 'quantile' ? [limit] : []))
  const fromSend = (threshold: Threshold) =>
    judgeThreshold(
      'of' in threshold.metric && threshold.metric.of === 'response'
        ? { ...threshold, metric: { ...threshold.metric, of: 'service' } }
        : threshold,
      [figures],
    )
  const verdicts = thresholds.map((threshold) => judgeThreshold(threshold, [figures]))
  return conclude(verdicts, generatorOf(end, plan, limits[0]), end, fromSend).verdict
}

it.each<[string, string, Run, string]>([
  ['was met', 'p50<20ms', { serviceMs: 5, gcMs: 1 }, 'pass'],
  ['was missed', 'p50<20ms', { serviceMs: 60, gcMs: 1 }, 'fail'],
  ['was missed from the real send, too', 'p50<20ms', { serviceMs: 60, gcMs: 1, lateMs: 9 }, 'fail'],
  ['was missed by lateness alone', 'p50<20ms', { serviceMs: 15, gcMs: 1, lateMs: 9 }, 'inconclusive'],
  ['was missed by more than all pauses', 'p50<20ms', { serviceMs: 60, gcMs: 7, lateMs: 9 }, 'fail'],
  ['was missed by less than all pauses', 'p50<20ms', { serviceMs: 26, gcMs: 7 }, 'inconclusive'],
  ['of service times was missed by more', 'service.p50<20ms', { serviceMs: 60, gcMs: 7 }, 'fail'],
  ['was met though it paused', 'p50<20ms', { serviceMs: 15, gcMs: 7 }, 'inconclusive'],
  [
    'was missed, but its thread was busy',
    'p50<20ms',
    { serviceMs: 60, gcMs: 1, busyMs: 900 },
    'inconclusive',
  ],
  [
    'of errors was missed while it was late',
    'errors<1%',
    { serviceMs: 5, gcMs: 1, lateMs: 9, errors: 9 },
    'fail',
  ],
  [
    'of errors was missed while it paused',
    'errors<1%',
    { serviceMs: 5, gcMs: 30, errors: 9 },
    'inconclusive',
  ],
])('a threshold that %s', (_, text, run, verdict) => {
  expect(verdictOf(text, run)).toBe(verdict)
})
