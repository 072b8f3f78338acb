import type { JudgedMetric, JudgeView } from '../../contract/index.ts'
import { formatCount, formatP, formatPart, formatTimes } from '../format.ts'
import { type Reach, reachOf } from './effects.ts'
import type { Ends, Range, Scale } from './scale.ts'
import type { Table } from './table.ts'

/** Where a metric stands: null while nothing speaks for or against it. */
export type Standing = 'pass' | 'fail' | 'inconclusive' | null

/** What the marks of a canary mean. */
export const standingWords = {
  pass: 'no worse, as far as it was watched',
  fail: 'worse: the judge is certain',
  inconclusive: 'looks worse, but not for certain',
  none: 'cannot be told from the live version',
} as const

const isMore = ({ ratio }: JudgedMetric): boolean => ratio.low !== null && ratio.low > 1
const isLess = ({ ratio }: JudgedMetric): boolean => ratio.high !== null && ratio.high < 1

/** A metric brings the new release down when so much speaks against it alone; at least one does whenever it fails. */
export function standingOf({ is, alpha }: Pick<JudgeView, 'is' | 'alpha'>, metric: JudgedMetric): Standing {
  if (is === 'fail' && metric.p <= alpha) return 'fail'
  if (isMore(metric)) return 'inconclusive'
  return is === 'pass' ? 'pass' : null
}

/** While it is watched, what is drawn is not to jump: the axis goes at least from a tenth to ten times as often. */
const usual: Range = { low: 0.1, high: 10 }

export function ratioRange(metrics: readonly JudgedMetric[]): Range {
  const seen = metrics.flatMap(({ ratio: { estimate, low, high } }) => [estimate, low, high])
  const values = seen.filter((value) => value !== null)
  return { low: Math.min(usual.low, ...values), high: Math.max(usual.high, ...values) }
}

/**
 * Where a ratio is drawn; what sets no bound goes on beyond the axis. Without an estimate its bound is marked, which is
 * all that is known. Null when nothing is.
 */
export function ratioReach({ ratio }: JudgedMetric, scale: Scale, ends: Ends): Reach | null {
  const { low, high } = ratio
  const estimate = ratio.estimate ?? low ?? high
  if (estimate === null) return null
  return reachOf(
    { estimate, interval: { low: low ?? 0, high: high ?? Number.POSITIVE_INFINITY } },
    scale,
    ends,
  )
}

const isUnasked = ({ canary, live }: JudgedMetric): boolean => canary.of === 0 || live.of === 0
const isUnread = ({ problem }: JudgedMetric): boolean => problem !== undefined
const isNowhere = ({ canary, live }: JudgedMetric): boolean => canary.bad + live.bad === 0

/** `9× to 400×`, `at least 9×`; why there is none. */
export function boundsText(metric: JudgedMetric): string {
  const { low, high } = metric.ratio
  if (metric.problem !== undefined) return 'cannot be read'
  if (low !== null && high !== null) return `${formatTimes(low)} to ${formatTimes(high)}`
  if (low !== null) return `at least ${formatTimes(low)}`
  if (high !== null) return `at most ${formatTimes(high)}`
  if (isUnasked(metric)) return 'nothing to compare'
  return isNowhere(metric) ? 'neither had any' : 'no bound yet'
}

/** `48×` */
export const estimateText = ({ ratio }: JudgedMetric): string =>
  ratio.estimate === null ? 'unknown' : formatTimes(ratio.estimate)

/** What is known of a ratio in a word and the rest below it: where there is no estimate, a bound says most. */
export function ratioWords(metric: JudgedMetric): readonly [string, string] {
  const { estimate, low, high } = metric.ratio
  const isBoundAlone = estimate === null && (low !== null || high !== null)
  return isBoundAlone ? [boundsText(metric), 'no estimate'] : [estimateText(metric), boundsText(metric)]
}

/** `0.4 % of 3,412` */
export const tallyText = ({ of, share }: JudgedMetric['canary']): string =>
  share === null ? 'no requests' : `${formatPart(share)} of ${formatCount(of)}`

export const chanceText = ({ p }: JudgedMetric): string => (p < 0.001 ? 'p < 0.001' : `p = ${formatP(p)}`)

const listed = new Intl.ListFormat('en-GB')

const noun = ({ key, title }: JudgedMetric): string =>
  key.startsWith('slower/') ? `answers ${title}` : title

function moreOften(metric: JudgedMetric): string {
  const { estimate, of } = metric.ratio
  const size = estimate === null ? boundsText(metric) : formatTimes(estimate)
  const often = of === 'rates' ? `${size} as often` : `with ${size} the odds`
  return `${noun(metric)} ${often} (95 %${estimate === null ? '' : `: ${boundsText(metric)}`})`
}

const group = (metrics: readonly JudgedMetric[], say: (nouns: string) => string): readonly string[] =>
  metrics.length === 0 ? [] : [say(listed.format(metrics.map(noun)))]

/** What the ratios show: first what the new release does more often, in figures. */
export function ratiosFinding(metrics: readonly JudgedMetric[]): string {
  if (metrics.every(isUnasked)) return 'There were no requests to compare.'
  const read = metrics.filter((one) => !isUnread(one))
  const [more, less] = [read.filter(isMore), read.filter(isLess)]
  const unread = metrics.filter(isUnread)
  const rest = read.filter((one) => !isMore(one) && !isLess(one))
  const said = [
    ...(more.length === 0
      ? []
      : [`compared with the live version, the new release has ${listed.format(more.map(moreOften))}`]),
    ...group(less, (nouns) => `${nouns} are rarer in the new release`),
    ...group(
      rest.filter((one) => !isNowhere(one)),
      (nouns) => `no difference in ${nouns} can be told`,
    ),
    ...group(rest.filter(isNowhere), (nouns) => `neither release had any ${nouns}`),
    ...group(unread, (nouns) => `${nouns} cannot be read`),
  ].join('; ')
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`
}

export const ratiosTable = (metrics: readonly JudgedMetric[]): Table => ({
  heads: ['metric', 'new release', 'live version', 'ratio', 'of', '95 % interval', 'p'],
  rows: metrics.map((one) => [
    one.title,
    tallyText(one.canary),
    tallyText(one.live),
    estimateText(one),
    one.ratio.of,
    boundsText(one),
    formatP(one.p),
  ]),
})

export const ratiosCsv = (metrics: readonly JudgedMetric[]): Table => ({
  heads: [
    'metric',
    'new_bad',
    'new_requests',
    'live_bad',
    'live_requests',
    'ratio',
    'ratio_of',
    'low',
    'high',
    'p',
  ],
  rows: metrics.map(({ key, canary, live, ratio, p }) => [
    key,
    canary.bad,
    canary.of,
    live.bad,
    live.of,
    ratio.estimate,
    ratio.of,
    ratio.low,
    ratio.high,
    p,
  ]),
})
