import { formatDuration, type Instant, type Reason } from '../../../kernel/index.ts'
import { holding } from './holding.ts'
import { logProof } from './interval.ts'
import { fromLog, type MetricJudgement, metricJudgements, ownText, pOf, worseText } from './metrics.ts'
import { isSplitRight, type JudgeState, judgedMetrics, logOfAll } from './state.ts'
import { countText, percentText } from './wording.ts'

/** What the judge says now, with every number behind it. */
export type Judgement = {
  /** `open`: go on watching. The others are final. */
  readonly is: 'pass' | 'fail' | 'inconclusive' | 'open'
  readonly reasons: readonly Reason[]
  /** About the canary, without subject and full stop. */
  readonly sentence: string
  /** Wealth over all metrics; it fails the canary when it reaches 1/α. */
  readonly e: number
  /** At most this likely to have ever looked so bad, were the canary as good, whenever one looks. */
  readonly p: number
  readonly alpha: number
  readonly metrics: readonly MetricJudgement[]
  /** E′, that it fails less than the tolerated ratio; null when failures are not judged. */
  readonly proof: { readonly e: number; readonly needed: number; readonly toleratedRatio: number } | null
  /** Share asked for, and seen since it was; `p` of it being as asked. */
  readonly split: { readonly asked: number; readonly seen: number | null; readonly p: number }
  readonly requests: JudgeState['requests']
  readonly bakedMs: number
}

type Found = Pick<Judgement, 'is' | 'reasons'>

/** Those which brought most of the evidence, the first first. */
function blamed(s: JudgeState, metrics: readonly MetricJudgement[]): readonly MetricJudgement[] {
  const brought = ({ key, part }: MetricJudgement) => Math.log(part) + (s.peaks[key] ?? 0)
  const sorted = [...metrics].sort((a, b) => brought(b) - brought(a))
  const enough = -Math.log(s.settings.alpha)
  return sorted.filter((metric, at) => at === 0 || brought(metric) >= enough)
}

const numbersOf = ({ canary, live, ratio, p }: MetricJudgement): Record<string, number> => ({
  canaryBad: canary.bad,
  canaryOf: canary.of,
  liveBad: live.bad,
  liveOf: live.of,
  ...(ratio.estimate !== null && { ratio: ratio.estimate }),
  ...(ratio.low !== null && { low: ratio.low }),
  ...(ratio.high !== null && { high: ratio.high }),
  p,
})

function wrongSplit({ split }: JudgeState): Reason {
  const seen = split.all === 0 ? 0 : split.canary / split.all
  return {
    text: `the canary got ${percentText(seen)} of the requests, asked for were ${percentText(split.asked)}: the sides cannot be compared`,
    numbers: { asked: split.asked, seen, p: pOf(split.peak) },
    next: 'look for what sends requests around the gateway, or for instances that it holds to be sick',
  }
}

/** A counter that lies cannot mend what it has said. */
const isBlindForGood = ({ blind = {} }: JudgeState): boolean =>
  Object.values(blind).some(({ forGood }) => forGood)

function find(s: JudgeState, metrics: readonly MetricJudgement[], now: Instant): Found {
  if ((s.peaks.all ?? 0) >= -Math.log(s.settings.alpha))
    return {
      is: 'fail',
      reasons: blamed(s, metrics).map((metric) => ({
        text: worseText(s, metric),
        numbers: numbersOf(metric),
      })),
    }
  if (!isSplitRight(s)) return { is: 'inconclusive', reasons: [wrongSplit(s)] }
  const reasons = holding(s)
  if (isBlindForGood(s)) return { is: 'inconclusive', reasons }
  if (reasons.length === 0) return { is: 'pass', reasons }
  return { is: now - s.startedAt >= s.settings.deadlineMs ? 'inconclusive' : 'open', reasons }
}

/** `fails 0.09 % of 3,412 requests, the live version 0.1 % of 64,828; has 1.1 % declined payments, the live version 1 %`. */
const comparedText = (s: JudgeState, metrics: readonly MetricJudgement[]): string =>
  [requestsCompared(s, metrics), ...metrics.flatMap((metric) => ownText(metric) ?? [])].join('; ')

function requestsCompared(s: JudgeState, metrics: readonly MetricJudgement[]): string {
  const errors = metrics.find(({ key }) => key === 'errors')
  const { canary, live } = s.requests
  if (errors?.canary.share === null || errors?.live.share === null || !errors)
    return `answered ${countText(canary)} requests, the live version ${countText(live)}`
  return `fails ${percentText(errors.canary.share)} of ${countText(canary)} requests, the live version ${percentText(errors.live.share)} of ${countText(live)}`
}

function sentenceOf(s: JudgeState, found: Found, metrics: readonly MetricJudgement[]): string {
  const because = found.reasons.map(({ text }) => text).join('; ')
  switch (found.is) {
    case 'pass':
      return `is no worse than the live version as far as ${formatDuration(s.bakedMs)} tell: ${comparedText(s, metrics)}`
    case 'fail':
      return found.reasons[0]?.text ?? because
    case 'inconclusive':
      return `cannot be judged: ${because}`
    case 'open':
      return `${comparedText(s, metrics)}; ${because}`
  }
}

/**
 * What the evidence says.
 * `fail` as soon as E has reached 1/α; `inconclusive` when the split is not as asked, or at the deadline; never `pass`
 * with a doubt left.
 */
export function judgement(s: JudgeState, now: Instant): Judgement {
  const metrics = metricJudgements(s)
  const found = find(s, metrics, now)
  const { beta, toleratedRatio, alpha } = s.settings
  return {
    ...found,
    sentence: sentenceOf(s, found, metrics),
    e: fromLog(logOfAll(judgedMetrics(s))),
    p: pOf(s.peaks.all),
    alpha,
    metrics,
    proof: s.errors && {
      e: fromLog(logProof(s.errors.byShare, toleratedRatio)),
      needed: 1 / beta,
      toleratedRatio,
    },
    split: {
      asked: s.split.asked,
      seen: s.split.all === 0 ? null : s.split.canary / s.split.all,
      p: pOf(s.split.peak),
    },
    requests: s.requests,
    bakedMs: s.bakedMs,
  }
}
