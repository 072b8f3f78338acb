import { type HistogramCounts, quantileOf } from '../kernel/index.ts'
import { durationsOf } from './durations.ts'
import { type EngineEnd, runEngine, type Second } from './engine/engine.ts'
import type { EnginePlan } from './engine/engine-plan.ts'
import { mergeParts, type Part, type Parts, wholeOf } from './engine/merge.ts'
import { openStage } from './engine/stage.ts'
import { type GeneratorHealth, generatorOf } from './generator-health.ts'
import { figuresOf, windowsOf } from './plan/figures.ts'
import {
  type Figures,
  formatValue,
  judgeThreshold,
  type Metric,
  type Threshold,
  type ThresholdVerdict,
} from './plan/thresholds.ts'
import type { LoadProfile, LoadResult } from './result.ts'

export type LoadTest = {
  /** An address, or the name of a scenario's file: for people. */
  readonly target: string
  readonly plan: EnginePlan
  readonly thresholds: readonly Threshold[]
}

/** How it goes, second by second. Durations in milliseconds; quantiles of this second, undefined when nothing ended in it. */
export type LoadProgress = {
  /** Since the first measured moment: negative during the warm-up. */
  readonly atMs: number
  readonly scheduled: number
  readonly answered: number
  readonly errors: number
  readonly p50Ms: number | undefined
  readonly p99Ms: number | undefined
  readonly maxMs: number | undefined
}

export type LoadTestOptions = {
  readonly onProgress?: (progress: LoadProgress) => void
  readonly signal?: AbortSignal
}

/** Without any threshold of its own a test asks for this much. */
const usual: Threshold = {
  text: 'errors<1%',
  metric: { is: 'share', of: 'errors' },
  compare: '<',
  limit: 0.01,
  stop: false,
}

/** A judgement before so many requests would be one of chance. */
const fewestToStop = 100

function progressOf({ second, parts }: Second): LoadProgress {
  const { counts, response } = wholeOf(parts)
  const at = (share: number) => quantileOf(response, share)
  const { scheduled, answered, errors } = counts
  return { atMs: second * 1_000, scheduled, answered, errors, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
}

const partOf = (parts: Parts, name: string | undefined): Part =>
  wholeOf(name === undefined ? parts : new Map([...parts].filter(([one]) => one === name)))

/** Figures of some seconds in a row; coarse: quantiles within 1 %. */
function figuresOfSeconds(seconds: readonly Second[], name: string | undefined): Figures {
  const { counts, checks, response } = partOf(mergeParts(seconds.map(({ parts }) => parts)), name)
  return figuresOf(counts, checks, seconds.length * 1_000, { response })
}

/** Ends the run when a threshold that may do so is missed by what was seen so far. */
function watchThresholds(thresholds: readonly Threshold[]) {
  const seen: Second[] = []
  return (second: Second): string | undefined => {
    seen.push(second)
    for (const threshold of thresholds.filter(({ stop }) => stop)) {
      const length = threshold.windowMs === undefined ? seen.length : threshold.windowMs / 1_000
      if (length > seen.length) continue
      const figures = figuresOfSeconds(seen.slice(-length), threshold.name)
      const { is } = judgeThreshold(threshold, [figures])
      if (is === 'missed' && figures.scheduled >= fewestToStop) return `${threshold.text} was missed`
    }
    return undefined
  }
}

const measured = (seconds: readonly Second[]): readonly Second[] =>
  seconds.filter(({ second }) => second >= 0)

function judge(threshold: Threshold, end: EngineEnd): ThresholdVerdict {
  if (threshold.windowMs !== undefined) {
    const windows = windowsOf(measured(end.seconds), threshold.windowMs / 1_000)
    return judgeThreshold(
      threshold,
      windows.map((seconds) => figuresOfSeconds(seconds, threshold.name)),
    )
  }
  return judgeThreshold(threshold, [wholeFigures(threshold, end)])
}

/** Of the whole run: exact. Service time and send lag are kept for all requests together. */
function wholeFigures({ name }: Threshold, { tally, measuredMs, seconds }: EngineEnd): Figures {
  if (name === undefined) {
    const { counts, response, service, sendLag, checks } = tally
    const all = [...checks.values()]
    const passed = all.reduce((sum, check) => sum + check.passed, 0)
    const failed = all.reduce((sum, check) => sum + check.failed, 0)
    return figuresOf(counts, { passed, failed }, measuredMs, { response, service, lag: sendLag })
  }
  const { checks } = partOf(mergeParts(measured(seconds).map(({ parts }) => parts)), name)
  const counted = tally.names.get(name)
  const nothing: HistogramCounts = { upperMs: [], counts: [] }
  const none = { scheduled: 0, answered: 0, errors: 0, failed: 0, timedOut: 0, unsent: 0 }
  return figuresOf(counted?.counts ?? none, checks, measuredMs, { response: counted?.response ?? nothing })
}

function profileOf({ load }: EnginePlan): LoadProfile {
  if (load.model === 'closed') return { ...load }
  return { model: 'open', arrivals: load.arrivals, stages: load.stages.map((stage) => ({ ...stage })) }
}

const commonest = (failures: Readonly<Record<string, number>>) =>
  Object.entries(failures)
    .map(([because, count]) => ({ because, count }))
    .sort((a, b) => b.count - a.count)

type Said = Pick<LoadResult, 'verdict' | 'reasons'>

/**
 * Whether a missed threshold stands though the generator was late: lateness of its own explains neither errors nor what
 * was missed from the real send, too.
 */
function standsLate({ threshold, is }: ThresholdVerdict, end: EngineEnd): boolean {
  const { metric, windowMs, name } = threshold
  if (is !== 'missed') return false
  if (!('of' in metric)) return metric.is !== 'rate'
  if (metric.of !== 'response') return metric.of !== 'lag'
  if (windowMs !== undefined || name !== undefined) return false
  return judge({ ...threshold, metric: { ...metric, of: 'service' } as Metric }, end).is === 'missed'
}

/**
 * A generator that could not keep up proves nothing, unless its lateness has no part in what was found: no request at
 * all was answered, or a missed threshold stands all the same. Otherwise every threshold must be met.
 */
function conclude(
  verdicts: readonly ThresholdVerdict[],
  { said: generator, onlyLate }: GeneratorHealth,
  end: EngineEnd,
): Said {
  const { counts, failures } = end.tally
  if (counts.scheduled === 0)
    return { verdict: 'inconclusive', reasons: [{ text: 'nothing was scheduled in the measured time' }] }
  const why = commonest(failures)[0]
  const because = why ? `; most often: ${why.because} (${why.count} times)` : ''
  const missed = verdicts.filter(({ is }) => is === 'missed')
  const reasons = missed.map(({ threshold: { text, metric }, value }) => ({
    text: `${text} was missed: ${value === undefined ? 'nothing' : formatValue(metric, value)}${'of' in metric && metric.of === 'errors' ? because : ''}`,
  }))
  const silent = counts.answered === 0 && generator.outOfSockets === 0
  const stands = silent || (onlyLate && verdicts.some((verdict) => standsLate(verdict, end)))
  if (generator.is === 'saturated' && !stands)
    return {
      verdict: 'inconclusive',
      reasons: [
        ...generator.reasons.map((text) => ({
          text: `the generator, not your service: ${text}`,
          next: 'lower the rate, or make the load from a machine with more free cores',
        })),
        ...reasons,
      ],
    }
  if (silent && reasons.length === 0) reasons.push({ text: `no request was answered${because}` })
  const thrown = commonest(end.tally.scenarioErrors)
  reasons.push(
    ...thrown.map(({ because: text, count }) => ({ text: `the scenario failed ${count} times: ${text}` })),
  )
  if (reasons.length > 0) return { verdict: 'fail', reasons }
  const unknown = verdicts.filter(({ is }) => is === 'unknown')
  if (unknown.length > 0)
    return {
      verdict: 'inconclusive',
      reasons: unknown.map(({ threshold: { text } }) => ({ text: `${text}: nothing was counted for it` })),
    }
  if (end.stoppedEarly !== undefined)
    return { verdict: 'inconclusive', reasons: [{ text: `it ended before its time: ${end.stoppedEarly}` }] }
  return { verdict: 'pass', reasons: [] }
}

function resultOf(test: LoadTest, end: EngineEnd): LoadResult {
  const { tally } = end
  const thresholds = test.thresholds.length > 0 ? test.thresholds : [usual]
  const verdicts = thresholds.map((threshold) => judge(threshold, end))
  const limits = test.thresholds.flatMap(({ metric, limit }) => (metric.is === 'quantile' ? [limit] : []))
  const generator = generatorOf(end, test.plan, limits.length > 0 ? Math.min(...limits) : undefined)
  return {
    schemaVersion: 1,
    kind: 'load',
    ...conclude(verdicts, generator, end),
    thresholds: verdicts.map(({ threshold: { text }, is, value }) => ({ text, is, value: value ?? null })),
    target: test.target,
    startedAt: Math.round(end.measuredFrom),
    warmUpMs: test.plan.warmUpMs,
    durationMs: Math.round(end.measuredMs),
    ...(end.stoppedEarly === undefined ? {} : { stoppedEarly: end.stoppedEarly }),
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
    seconds: measured(end.seconds).map((second) => {
      const { atMs, scheduled, answered, errors } = progressOf(second)
      const { response } = wholeOf(second.parts)
      const at = (share: number) => quantileOf(response, share) ?? null
      return {
        atMs,
        scheduled,
        answered,
        errors,
        p50Ms: at(0.5),
        p95Ms: at(0.95),
        p99Ms: at(0.99),
        maxMs: at(1),
      }
    }),
    bytes: tally.bytes,
    generator: generator.said,
  }
}

/** With a scenario: its set-up first, and its tear-down whatever happens. */
export async function onStage<T>(plan: EnginePlan, work: (plan: EnginePlan) => Promise<T>): Promise<T> {
  const { script } = plan
  if (script.is !== 'scenarios') return work(plan)
  const stage = await openStage({ ...plan, ...script })
  try {
    const data = await stage.setUp()
    return await work({ ...plan, script: { ...script, data } }).finally(stage.tearDown)
  } finally {
    await stage.close()
  }
}

/**
 * Runs a load test to its end.
 * @throws PLM_LOAD_TARGET, PLM_LOAD_REQUEST, PLM_LOAD_SCENARIO when it cannot begin
 */
export async function runLoadTest(
  test: LoadTest,
  { onProgress, signal }: LoadTestOptions = {},
): Promise<LoadResult> {
  const missed = watchThresholds(test.thresholds)
  const end = await onStage(test.plan, (plan) =>
    runEngine({
      plan,
      onSecond: (second) => {
        onProgress?.(progressOf(second))
        return second.second < 0 ? undefined : missed(second)
      },
      ...(signal ? { signal } : {}),
    }),
  )
  return resultOf(test, end)
}
