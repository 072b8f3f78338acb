import { formatDuration } from '../../kernel/index.ts'
import { formatValue, parseThresholds } from '../plan/thresholds.ts'
import type { Durations, LoadCounts, LoadProfile, LoadResult } from '../result.ts'
import {
  formatBytes,
  formatCount,
  formatMs,
  formatRate,
  formatShare,
  formatShareOf,
  plural,
} from './format.ts'
import { harmless } from './harmless.ts'

export type Verdict = LoadResult['verdict']
export type ThresholdState = LoadResult['thresholds'][number]['is']

/** A line of the account: what is deeper is a part of the nearest line above that is less deep. */
export type AccountLine = {
  readonly name: string
  readonly depth: 0 | 1 | 2
  readonly count: string
  readonly note: string
}

export type LatencyLine = {
  readonly name: string
  readonly meaning: string
  readonly values: readonly string[]
}
export type CheckLine = { readonly name: string; readonly is: 'met' | 'missed'; readonly text: string }
export type RequestLine = { readonly name: string; readonly values: readonly string[] }
export type CauseLine = { readonly because: string; readonly count: string }

/** What a report says, in its order and words; terminal, Markdown and page only print it. */
export type Summary = {
  readonly verdict: Verdict
  /** `passed`, with what decided: "2 of 3 thresholds were missed". */
  readonly headline: string
  readonly target: string
  /** How the load was made: model, rate, time. */
  readonly how: string
  readonly stoppedEarly: string | undefined
  readonly thresholds: readonly {
    readonly text: string
    readonly is: ThresholdState
    readonly value: string
  }[]
  readonly reasons: LoadResult['reasons']
  readonly account: readonly AccountLine[]
  /** Sums that hold of the account: nothing that was scheduled is lost. */
  readonly sums: readonly string[]
  readonly latencyHeads: readonly string[]
  readonly latency: readonly LatencyLine[]
  readonly checks: readonly CheckLine[]
  readonly requestHeads: readonly string[]
  readonly requests: readonly RequestLine[]
  readonly failures: readonly CauseLine[]
  readonly scenarioErrors: readonly CauseLine[]
  /** Facts that belong to nothing else: statuses, bytes, users, warm-up. */
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly generator: {
    readonly is: LoadResult['generator']['is']
    readonly text: string
    readonly reasons: readonly string[]
  }
}

export const verdictWords: Readonly<Record<Verdict, string>> = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'inconclusive',
}

function headlineOf({ verdict, thresholds, reasons }: LoadResult): string {
  const count = (is: ThresholdState) => thresholds.filter((one) => one.is === is).length
  const all = thresholds.length
  const some = (n: number, what: string) =>
    all === 1 ? `the threshold was ${what}` : `${n} of ${all} thresholds ${n === 1 ? 'was' : 'were'} ${what}`
  if (count('missed') > 0) return some(count('missed'), 'missed')
  if (count('unknown') > 0) return some(count('unknown'), 'not judged')
  if (verdict !== 'pass') return reasons[0]?.text ?? 'no reason was given'
  if (all === 0) return 'no threshold was set'
  return all === 1 ? 'the threshold was met' : `all ${all} thresholds were met`
}

const stageText = ({
  fromPerSecond,
  toPerSecond,
  durationMs,
}: { [key in 'fromPerSecond' | 'toPerSecond' | 'durationMs']: number }) =>
  `${fromPerSecond === toPerSecond ? formatRate(toPerSecond) : `${formatRate(fromPerSecond)} to ${formatRate(toPerSecond)}`} for ${formatDuration(durationMs)}`

/** More stages than these are only counted. */
const mostStages = 3

function profileText(profile: LoadProfile): string {
  if (profile.model === 'closed') {
    const think = profile.thinkMs === 0 ? '' : ` with ${formatDuration(profile.thinkMs)} to think`
    return `closed model, ${plural(profile.users, 'user')}${think} for ${formatDuration(profile.durationMs)}`
  }
  const arrivals = profile.arrivals === 'poisson' ? 'Poisson arrivals' : 'even arrivals'
  const { stages } = profile
  const highest = Math.max(0, ...stages.map((one) => Math.max(one.fromPerSecond, one.toPerSecond)))
  const course =
    stages.length <= mostStages
      ? stages.map(stageText).join(', then ')
      : `${plural(stages.length, 'stage')} up to ${formatRate(highest)}`
  return `open model, ${arrivals}, ${course}`
}

/** A threshold's value in the unit of its metric. */
function valueText({ text, is, value }: LoadResult['thresholds'][number]): string {
  if (value === null) return is === 'unknown' ? 'nothing was counted' : '–'
  const metric = parseThresholds([text]).thresholds[0]?.metric
  if (!metric) return String(value)
  if (metric.is === 'share') return formatShare(value)
  return metric.is === 'count' || metric.is === 'rate' ? formatValue(metric, value) : formatMs(value)
}

function accountOf({ counts: c, answeredPerSecond, durationMs }: LoadResult): AccountLine[] {
  const line = (name: string, depth: 0 | 1 | 2, count: number, note?: string): AccountLine => ({
    name,
    depth,
    count: formatCount(count),
    note: note ?? (count === 0 ? '' : formatShareOf(count, c.scheduled)),
  })
  const scheduledRate = durationMs === 0 ? '' : formatRate(c.scheduled / (durationMs / 1_000))
  return [
    line('scheduled', 0, c.scheduled, scheduledRate),
    line('sent', 1, c.sent),
    line('answered', 2, c.answered, formatRate(answeredPerSecond)),
    line('failed', 2, c.failed),
    line('timed out', 2, c.timedOut),
    line('unsent', 1, c.unsent),
    line('errors', 0, c.errors),
  ]
}

const sumsOf = (c: LoadCounts): string[] => [
  `scheduled ${formatCount(c.scheduled)} = sent ${formatCount(c.sent)} + unsent ${formatCount(c.unsent)}`,
  `sent ${formatCount(c.sent)} = answered ${formatCount(c.answered)} + failed ${formatCount(c.failed)} + timed out ${formatCount(c.timedOut)}`,
]

const latencyValues = (d: Durations): string[] =>
  [d.p50Ms, d.p90Ms, d.p95Ms, d.p99Ms, d.p999Ms, d.maxMs].map(formatMs)

const latencyOf = ({ response, service, sendLag }: LoadResult): LatencyLine[] => [
  {
    name: 'response time',
    meaning: 'from the intended time: what a user would have waited',
    values: latencyValues(response),
  },
  { name: 'service time', meaning: 'from the real send', values: latencyValues(service) },
  {
    name: 'send lag',
    meaning: 'real send after the intended time: the generator’s own',
    values: latencyValues(sendLag),
  },
]

const checkOf = ({ name, passed, failed }: LoadResult['checks'][number]): CheckLine => ({
  name,
  is: failed === 0 ? 'met' : 'missed',
  text:
    failed === 0
      ? `all ${formatCount(passed)}`
      : `${formatCount(failed)} of ${formatCount(passed + failed)} did not hold`,
})

const requestOf = ({ name, counts, response }: LoadResult['requests'][number]): RequestLine => ({
  name,
  values: [
    formatCount(counts.scheduled),
    formatCount(counts.errors),
    ...[response.p50Ms, response.p95Ms, response.p99Ms, response.maxMs].map(formatMs),
  ],
})

const causeOf = ({ because, count }: LoadResult['failures'][number]): CauseLine => ({
  because,
  count: formatCount(count),
})

function factsOf(result: LoadResult): [string, string][] {
  const { statuses, users, warmUp, warmUpMs, bytes } = result
  const facts: [string, string][] = []
  const found = Object.entries(statuses).map(([status, count]) => `${status}: ${formatCount(count)}`)
  if (found.length > 0) facts.push(['statuses', found.join(', ')])
  if (users)
    facts.push([
      'users',
      `${formatCount(users.passed)} went through, ${formatCount(users.failed)} failed, ${formatCount(users.unfinished)} did not finish`,
    ])
  facts.push(['bytes', `${formatBytes(bytes.sent)} sent, ${formatBytes(bytes.received)} received`])
  if (warmUpMs > 0)
    facts.push([
      'warm-up',
      `${formatDuration(warmUpMs)}, ${formatCount(warmUp.sent)} sent, in none of these numbers`,
    ])
  return facts
}

function generatorText({ generator: g }: LoadResult): string {
  const parts = [
    plural(g.workers, 'worker'),
    `${formatShare(g.busyShare)} of a core busy`,
    `${formatShare(g.gcShare)} collecting garbage, at most ${formatMs(g.longestGcMs)}`,
    `at most ${plural(g.mostConnections, 'connection')}`,
  ]
  if (g.cpuMicrosPerRequest !== null) parts.push(`${Math.round(g.cpuMicrosPerRequest)} µs of CPU a request`)
  return parts.join(', ')
}

/** Puts what a load test found into the words and the order of its report. */
export function summarise(found: LoadResult): Summary {
  const result = harmless(found)
  return {
    verdict: result.verdict,
    headline: headlineOf(result),
    target: result.target,
    how: profileText(result.profile),
    stoppedEarly: result.stoppedEarly,
    thresholds: result.thresholds.map((one) => ({ text: one.text, is: one.is, value: valueText(one) })),
    reasons: result.reasons,
    account: accountOf(result),
    sums: sumsOf(result.counts),
    latencyHeads: ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max'],
    latency: latencyOf(result),
    checks: result.checks.map(checkOf),
    requestHeads: ['scheduled', 'errors', 'p50', 'p95', 'p99', 'max'],
    requests: result.requests.map(requestOf),
    failures: result.failures.map(causeOf),
    scenarioErrors: result.scenarioErrors.map(causeOf),
    facts: factsOf(result),
    generator: {
      is: result.generator.is,
      text: generatorText(result),
      reasons: result.generator.reasons,
    },
  }
}
