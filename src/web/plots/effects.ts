import type { EffectView } from '../../contract/index.ts'
import { formatChange, formatInterval, formatP, formatSize } from '../format.ts'
import type { Ends, Range, Scale } from './scale.ts'
import type { Table } from './table.ts'

/** Where an effect is worse than it may be, on its side of none; null when it is not judged. */
export const marginOf = ({ margin, worse }: EffectView): number | null =>
  margin === null ? null : worse === 'lower' ? -margin : margin

const isKnown = (value: number | null | undefined): value is number => value !== null && value !== undefined

const within = (value: number, reach: number): number => Math.max(-reach, Math.min(reach, value))

const farthest = (values: readonly number[]): number => Math.max(0.01, ...values.map(Math.abs))

/** What is judged, and something beyond its margin, for that to be seen; an interval that says nothing is cut. */
function judgedValues(effects: readonly EffectView[]): readonly number[] {
  const telling = effects.flatMap((one) => [one.estimate, (marginOf(one) ?? 0) * 1.5]).filter(isKnown)
  const reach = 2 * farthest(telling)
  const ends = effects.flatMap(({ interval }) => (interval ? [interval.low, interval.high] : []))
  return [...telling, ...ends.map((value) => within(value, reach))]
}

/** The ends of an axis for all: what is judged, and of the rest as much as does not press that together. */
export function rangeOf(effects: readonly EffectView[]): Range {
  const judged = effects.filter(({ margin }) => margin !== null)
  const values = judgedValues(judged.length > 0 ? judged : effects)
  const reach = 1.25 * farthest(values)
  const shown = effects
    .filter(({ margin }) => margin === null)
    .flatMap((one) => [one.estimate, one.interval?.low, one.interval?.high])
    .filter(isKnown)
  const all = [...values, ...shown.map((value) => within(value, reach))]
  return { low: Math.min(-0.01, ...all), high: Math.max(0.01, ...all) }
}

/** How an interval ends in a plot: there, beyond the axis, or nowhere that is seen. */
export type ReachEnd = 'closed' | 'beyond' | 'none'

/** Where an effect is drawn: its mark, and how far its interval reaches to both sides. */
export type Reach = {
  readonly mark: number
  readonly from: number
  readonly to: number
  readonly ends: readonly [ReachEnd, ReachEnd]
}

/** What stands beyond the axis is held at its end, with room for an arrow. */
const arrowRoom = 18

/** @returns null when nothing was measured */
export function reachOf(
  { estimate, interval }: Pick<EffectView, 'estimate' | 'interval'>,
  { at }: Scale,
  { from, to }: Ends,
): Reach | null {
  if (estimate === null) return null
  const x = at(estimate)
  const mark = x < from ? from + arrowRoom : x > to ? to - arrowRoom : x
  const [low, high] = interval ? [at(interval.low), at(interval.high)] : [x, x]
  const end = (beyond: boolean, seen: boolean): ReachEnd =>
    beyond ? 'beyond' : seen && interval ? 'closed' : 'none'
  return {
    mark,
    from: Math.min(mark, Math.max(from, low)),
    to: Math.max(mark, Math.min(to, high)),
    ends: [end(low < from, low <= mark), end(high > to, high >= mark)],
  }
}

const differs = ({ estimate }: EffectView): boolean => estimate !== null && formatChange(estimate) !== '0 %'

function difference(effect: EffectView): string {
  const { estimate, interval } = effect
  if (estimate === null) return 'was not measured'
  const size = differs(effect)
    ? `is ${formatSize(estimate)} ${estimate < 0 ? 'lower' : 'higher'}`
    : 'is the same'
  return interval
    ? `${size} (95 %: ${formatInterval(interval)})`
    : `${size}, after too few rounds for an interval`
}

const against: Readonly<Record<'pass' | 'fail' | 'inconclusive', (margin: string) => string>> = {
  pass: (margin) => `: within its margin of ${margin}`,
  fail: (margin) => `: worse than its margin of ${margin}`,
  inconclusive: (margin) => `; whether that is within its margin of ${margin} could not be told`,
}

/** A title within a sentence: "Load line" begins small there, "CPU per request" does not. */
const inSentence = (title: string): string => title.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase())

const listed = new Intl.ListFormat('en-GB')

/** "p99 and CPU per request are within theirs" of those that came to the same verdict. */
function others(effects: readonly EffectView[], verdict: EffectView['verdict'], one: string, many: string) {
  const titles = effects.filter((each) => each.verdict === verdict).map(({ title }) => inSentence(title))
  return titles.length === 0 ? [] : [`${listed.format(titles)} ${titles.length === 1 ? one : many}`]
}

/** What the effects show, the first of them in figures and the others as far as they are judged. */
export function effectsFinding([first, ...rest]: readonly EffectView[]): string {
  if (!first) return 'Nothing was measured.'
  const judged =
    first.verdict && first.margin !== null ? against[first.verdict](formatSize(first.margin)) : ''
  const more = [
    ...others(rest, 'fail', 'is worse than its margin', 'are worse than their margins'),
    ...others(rest, 'pass', 'is within its margin', 'are within their margins'),
    ...others(
      rest,
      'inconclusive',
      'could not be told from its margin',
      'could not be told from their margins',
    ),
  ]
  return `${[`The ${inSentence(first.title)} ${difference(first)}${judged}`, ...more].join('; ')}.`
}

export const estimateText = ({ estimate }: EffectView): string =>
  estimate === null ? '–' : formatChange(estimate)

export function intervalText({ interval, estimate }: EffectView): string {
  if (interval) return formatInterval(interval)
  return estimate === null ? 'not measured' : 'too few rounds'
}

export function marginText(effect: EffectView): string {
  const margin = marginOf(effect)
  return margin === null ? 'not judged' : `margin ${formatChange(margin)}`
}

export const effectsTable = (effects: readonly EffectView[]): Table => ({
  heads: ['figure', 'base', 'change', 'difference', '95 % interval', 'p', 'margin', 'verdict'],
  rows: effects.map((one) => {
    const margin = marginOf(one)
    return [
      one.title,
      one.baseText,
      one.changeText,
      estimateText(one),
      intervalText(one),
      formatP(one.p),
      margin === null ? '–' : formatChange(margin),
      one.verdict ?? 'not judged',
    ]
  }),
})

export const effectsCsv = (effects: readonly EffectView[]): Table => ({
  heads: ['metric', 'base', 'change', 'estimate', 'low', 'high', 'p', 'margin', 'verdict'],
  rows: effects.map((one) => [
    one.metric,
    one.baseText,
    one.changeText,
    one.estimate,
    one.interval?.low ?? null,
    one.interval?.high ?? null,
    one.p,
    marginOf(one),
    one.verdict,
  ]),
})
