import { formatDuration, nearest, type Problem, parseDuration } from '../../kernel/index.ts'

/** What a threshold looks at. Durations are in milliseconds, shares 0 … 1, rates per second. */
export type Metric =
  | { readonly is: 'quantile'; readonly of: Source; readonly share: number }
  | { readonly is: 'mean' | 'max'; readonly of: Source }
  | { readonly is: 'count' | 'share'; readonly of: Counted }
  | { readonly is: 'rate' }

export type Source = 'response' | 'service' | 'lag'
export type Counted = 'errors' | 'failed' | 'timeouts' | 'unsent' | 'checks'

export type Threshold = {
  /** As it was written. */
  readonly text: string
  readonly metric: Metric
  /** Of requests of this name only, or of the check of this name. */
  readonly name?: string
  readonly compare: '<' | '<=' | '>' | '>='
  readonly limit: number
  /** Every window of this length must meet it, not the whole run. */
  readonly windowMs?: number
  /** The run ends as soon as it is missed. */
  readonly stop: boolean
}

/** What was counted, of a whole run or a part of it. */
export interface Figures {
  readonly scheduled: number
  readonly answered: number
  readonly errors: number
  readonly failed: number
  readonly timedOut: number
  readonly unsent: number
  readonly checks: { readonly passed: number; readonly failed: number }
  readonly durationMs: number
  /** Milliseconds; undefined when nothing was counted. */
  quantile(of: Source, share: number): number | undefined
  mean(of: Source): number | undefined
}

const shape =
  /^(?:(service|lag)\.)?([a-z]+|p\d+(?:\.\d+)?)(?:\{([^}]*)\})?\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*(ms|s|m|%|\/s)?(?:\s+over\s+(\S+?))?(\s+stop)?$/

const counted: readonly Counted[] = ['errors', 'failed', 'timeouts', 'unsent', 'checks']
const words = [...counted, 'mean', 'max', 'rate', 'p50', 'p90', 'p95', 'p99', 'p99.9']
const remedy = `write it like p99<250ms, p95{pay}<1s, errors<1%, rate>500/s, p99<300ms over 10s, errors<5% stop`

type Parts = { readonly of: Source; readonly word: string; readonly unit: string | undefined }

const isDuration = (unit: string | undefined): boolean => unit === 'ms' || unit === 's' || unit === 'm'

/** The metric that a word means with its unit; undefined when the two do not go together. */
function metricOf({ of, word, unit }: Parts): Metric | undefined {
  if (/^p\d/.test(word)) {
    const share = Number(word.slice(1)) / 100
    return isDuration(unit) && share < 1 ? { is: 'quantile', of, share } : undefined
  }
  if (word === 'mean' || word === 'max') return isDuration(unit) ? { is: word, of } : undefined
  if (word === 'rate') return unit === '/s' || unit === undefined ? { is: 'rate' } : undefined
  const what = counted.find((one) => one === word)
  if (!what || isDuration(unit) || unit === '/s') return undefined
  return { is: unit === '%' ? 'share' : 'count', of: what }
}

function limitOf(number: string, unit: string | undefined): number {
  if (unit === '%') return Number(number) / 100
  return isDuration(unit) ? (parseDuration(`${number}${unit}`) ?? Number.NaN) : Number(number)
}

function parseThreshold(text: string): Threshold | Problem {
  const found = shape.exec(text.trim())
  if (!found) return { at: text, text: `${text} is not a threshold: ${remedy}` }
  const [, of = 'response', word = '', name, compare, number = '', unit, over, stop] = found
  const metric = metricOf({ of: of as Source, word, unit })
  if (!metric) {
    const meant = words.includes(word) ? undefined : nearest(word, words)
    const why = words.includes(word) || /^p\d/.test(word) ? 'has not the right unit' : `knows no ${word}`
    return { at: text, text: `${text} ${why}: ${remedy}`, ...(meant ? { didYouMean: meant } : {}) }
  }
  const windowMs = over === undefined ? undefined : parseDuration(over)
  if (over !== undefined && (windowMs === undefined || windowMs < 1_000 || windowMs % 1_000 !== 0))
    return { at: text, text: `${text}: a window has whole seconds, such as 10s` }
  return {
    text: text.trim(),
    metric,
    ...(name === undefined ? {} : { name: name.replace(/^name=/, '') }),
    compare: compare as Threshold['compare'],
    limit: limitOf(number, unit),
    ...(windowMs === undefined ? {} : { windowMs }),
    stop: stop !== undefined,
  }
}

/** Reads thresholds; all problems at once. */
export function parseThresholds(texts: readonly string[]): {
  readonly thresholds: readonly Threshold[]
  readonly problems: readonly Problem[]
} {
  const all = texts.map(parseThreshold)
  return {
    thresholds: all.filter((one): one is Threshold => 'metric' in one),
    problems: all.filter((one): one is Problem => !('metric' in one)),
  }
}

const countOf = (figures: Figures, of: Counted): number =>
  of === 'checks' ? figures.checks.passed : of === 'timeouts' ? figures.timedOut : figures[of]

const wholeOf = (figures: Figures, of: Counted): number =>
  of === 'checks' ? figures.checks.passed + figures.checks.failed : figures.scheduled

/** The value of a metric; undefined when there is nothing to say it of. */
export function measure(metric: Metric, figures: Figures): number | undefined {
  switch (metric.is) {
    case 'quantile':
      return figures.quantile(metric.of, metric.share)
    case 'mean':
      return figures.mean(metric.of)
    case 'max':
      return figures.quantile(metric.of, 1)
    case 'count':
      return figures.scheduled === 0 ? undefined : countOf(figures, metric.of)
    case 'share': {
      const whole = wholeOf(figures, metric.of)
      return whole === 0 ? undefined : countOf(figures, metric.of) / whole
    }
    case 'rate':
      return figures.durationMs === 0 ? undefined : figures.answered / (figures.durationMs / 1_000)
  }
}

const compares: Readonly<Record<Threshold['compare'], (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
}

export type ThresholdVerdict = {
  readonly threshold: Threshold
  readonly is: 'met' | 'missed' | 'unknown'
  /** What was found; of windows the worst. */
  readonly value: number | undefined
}

/** Judges one threshold by the values that it looks at; of several the worst decides. Of none nothing is known. */
export function judgeValues(threshold: Threshold, values: readonly number[]): ThresholdVerdict {
  if (values.length === 0) return { threshold, is: 'unknown', value: undefined }
  const worst = threshold.compare.startsWith('<') ? Math.max(...values) : Math.min(...values)
  const met = compares[threshold.compare](worst, threshold.limit)
  return { threshold, is: met ? 'met' : 'missed', value: worst }
}

/**
 * Judges one threshold by the figures that it looks at. A threshold of which nothing was counted is unknown, never met.
 */
export const judgeThreshold = (threshold: Threshold, parts: readonly Figures[]): ThresholdVerdict =>
  judgeValues(
    threshold,
    parts.flatMap((figures) => measure(threshold.metric, figures) ?? []),
  )

/** A value of a metric as people read it: `251 ms`, `1.4 %`, `512/s`. */
export function formatValue(metric: Metric, value: number): string {
  if (metric.is === 'share') return `${(value * 100).toPrecision(3)} %`
  if (metric.is === 'rate') return `${value.toFixed(value < 10 ? 2 : 0)}/s`
  if (metric.is === 'count') return String(value)
  return value < 100 ? `${value.toPrecision(3)} ms` : formatDuration(value)
}
