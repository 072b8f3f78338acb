import { type RatioSeen, ratioSeen } from './interval.ts'
import type { Tally } from './likelihood.ts'
import type { Errors, Metric } from './metric.ts'
import type { LatencyEdge } from './settings.ts'
import { isSplitRight, type Judged, type JudgeState, judgedMetrics } from './state.ts'
import { boundsText, msText, percentText, pText, timesText } from './wording.ts'

/** Of `of`, `bad` were; `share` is null when there were none at all. */
export type TallySeen = Tally & { readonly share: number | null }

/** What is known of one metric. */
export type MetricJudgement = {
  /** `errors`, `slower/p99`, `own/declines`. */
  readonly key: string
  /** `failures`, `slower than p99 (80 ms)`, `declines`. */
  readonly title: string
  readonly canary: TallySeen
  readonly live: TallySeen
  /** Of the canary's rate to the live version's, with what cannot be excluded at 95 % whenever one looks; of odds, for what is frequent. */
  readonly ratio: RatioSeen & { readonly of: 'rates' | 'odds' }
  /** Wealth of the bet that this metric is worse. */
  readonly e: number
  /** At most this likely to have ever looked so bad, were it as good; before it is shared out among the metrics. */
  readonly p: number
  /** Its part of the chance of a false alarm: it fails the canary alone when `part` · `e` ≥ 1/α. */
  readonly part: number
  /** Why it cannot be read now. */
  readonly problem?: string
}

/** The largest number that JSON can say is far beyond any threshold. */
export const fromLog = (log: number): number => Math.exp(Math.min(log, 700))

export const pOf = (peak: number | undefined): number => Math.exp(-Math.max(0, peak ?? 0))

const tallySeen = (tally: Tally): TallySeen => ({
  ...tally,
  share: tally.of === 0 ? null : tally.bad / tally.of,
})

const own = 'own/'

function titleOf(key: string, edge: LatencyEdge | undefined): string {
  if (edge) return `slower than ${edge.name} (${msText(edge.liveMs)})`
  return key === 'errors' ? 'failures' : key.slice(own.length)
}

const isErrors = (metric: Metric): metric is Errors => 'byShare' in metric

function ratioOf(metric: Metric, isRight: boolean): MetricJudgement['ratio'] {
  return isErrors(metric) && isRight
    ? { of: 'rates', ...ratioSeen(metric.byShare) }
    : { of: 'odds', ...ratioSeen(metric.byRequests) }
}

export const edgeOf = (s: JudgeState, key: string): LatencyEdge | undefined =>
  s.settings.metrics.latency?.edges.find(({ name }) => key === `slower/${name}`)

function problemOf({ blind = {} }: JudgeState, key: string): Pick<MetricJudgement, 'problem'> {
  const found = key.startsWith(own) ? blind[key.slice(own.length)] : undefined
  return found ? { problem: found.because } : {}
}

function metricJudgement(s: JudgeState, { key, part, metric, logE }: Judged): MetricJudgement {
  return {
    key,
    title: titleOf(key, edgeOf(s, key)),
    canary: tallySeen(metric.total.canary),
    live: tallySeen(metric.total.live),
    ratio: ratioOf(metric, isSplitRight(s)),
    e: fromLog(logE),
    p: pOf(s.peaks[key]),
    part,
    ...problemOf(s, key),
  }
}

export const metricJudgements = (s: JudgeState): readonly MetricJudgement[] =>
  judgedMetrics(s).map((judged) => metricJudgement(s, judged))

const shareText = ({ share }: TallySeen): string => percentText(share ?? 0)

function whatIs(s: JudgeState, { key, title, canary, live }: MetricJudgement): string {
  const edge = edgeOf(s, key)
  if (edge)
    return `answers ${shareText(canary)} of its requests slower than ${msText(edge.canaryMs)}, the live version ${shareText(live)} slower than ${msText(edge.liveMs)}`
  if (key === 'errors')
    return `fails ${shareText(canary)} of its requests, the live version ${shareText(live)}`
  return `has ${shareText(canary)} ${title}, the live version ${shareText(live)}`
}

/** `has 1.1 % declined payments, the live version 1 %`, of a counter that both sides have counted. */
export const ownText = ({ key, title, canary, live }: MetricJudgement): string | undefined =>
  key.startsWith(own) && canary.share !== null && live.share !== null
    ? `has ${shareText(canary)} ${title}, the live version ${shareText(live)}`
    : undefined

/** `48 times as often (95 %: 9 to 400, p < 0.001)`; `at least 9 times as often (95 %, p < 0.001)`. */
function howMuch({ ratio, p }: MetricJudgement): string {
  const of = ratio.of === 'rates' ? 'times as often' : 'times the odds'
  const bounds = boundsText(ratio)
  if (ratio.estimate === null) return bounds ? `${bounds} ${of} (95 %, ${pText(p)})` : pText(p)
  const certain = bounds ? `95 %: ${bounds}, ${pText(p)}` : pText(p)
  return `${timesText(ratio.estimate)} ${of} (${certain})`
}

/** `fails 5.1 % of its requests, the live version 0.11 %: 48 times as often (95 %: 9 to 400, p < 0.001)`. */
export const worseText = (s: JudgeState, metric: MetricJudgement): string =>
  `${whatIs(s, metric)}: ${howMuch(metric)}`
