import { commonest } from './commonest.ts'
import { durationsOf } from './durations.ts'
import type { EngineEnd } from './engine/engine.ts'
import type { EnginePlan } from './engine/engine-plan.ts'
import { generatorOf } from './generator-health.ts'
import type { LoadTest } from './load-test-plan.ts'
import type { Threshold } from './plan/thresholds.ts'
import type { LoadProfile, LoadResult } from './result.ts'
import type { ThresholdWatch } from './threshold-watch.ts'
import { conclude } from './verdict.ts'

/** Without any threshold of its own a test asks for this much. */
const usual: Threshold = {
  text: 'errors<1%',
  metric: { is: 'share', of: 'errors' },
  compare: '<',
  limit: 0.01,
  stop: false,
}

function profileOf({ load }: EnginePlan): LoadProfile {
  if (load.model === 'closed') return { ...load }
  return { model: 'open', arrivals: load.arrivals, stages: load.stages.map((stage) => ({ ...stage })) }
}

/** What a run found, as it is told. */
export function resultOf(
  test: LoadTest,
  end: EngineEnd,
  watch: ThresholdWatch,
  seconds: LoadResult['seconds'],
): LoadResult {
  const { tally } = end
  const stoppedEarly = end.usedUp ? 'the rows of a feeder are used up' : end.stoppedEarly
  const thresholds = test.thresholds.length > 0 ? test.thresholds : [usual]
  const verdicts = thresholds.map((threshold) => watch.judge(threshold, end))
  const limits = test.thresholds.flatMap(({ metric, limit }) => (metric.is === 'quantile' ? [limit] : []))
  const generator = generatorOf(end, test.plan, limits.length > 0 ? Math.min(...limits) : undefined)
  return {
    schemaVersion: 1,
    kind: 'load',
    ...conclude(verdicts, generator, end, (threshold) => watch.judge(threshold, end, 'service')),
    thresholds: verdicts.map(({ threshold: { text }, is, value }) => ({ text, is, value: value ?? null })),
    target: test.target,
    startedAt: Math.round(end.measuredFrom),
    warmUpMs: test.plan.warmUpMs,
    durationMs: Math.round(end.measuredMs),
    ...(stoppedEarly === undefined ? {} : { stoppedEarly }),
    profile: profileOf(test.plan),
    counts: { ...tally.counts },
    warmUp: tally.warmUp,
    answeredPerSecond: end.measuredMs > 0 ? tally.counts.answered / (end.measuredMs / 1_000) : 0,
    statuses: { ...tally.statuses },
    failures: commonest(tally.failures),
    checks: [...tally.checks].map(([name, check]) => ({ name, ...check })),
    users: test.plan.script.is === 'scenarios' ? { ...tally.users } : null,
    scenarioErrors: commonest(tally.scenarioErrors),
    response: durationsOf(tally.response),
    service: durationsOf(tally.service),
    sendLag: durationsOf(tally.sendLag),
    requests: [...tally.names]
      .filter(([, { counts }]) => counts.scheduled > 0)
      .map(([name, { counts, response }]) => ({
        name,
        counts: { ...counts },
        response: durationsOf(response),
      })),
    seconds,
    bytes: tally.bytes,
    generator: generator.said,
  }
}
