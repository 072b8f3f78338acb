import {
  type Crossing,
  chanceWithin,
  crossingOf,
  type History,
  type Line,
  likelyAt,
  type Paths,
  type Refusal,
} from '../../../forecast/index.ts'
import type { InstanceUse, Limits } from '../../../kernel/index.ts'
import { type Assumed, momentRates, underAssumption } from './assumed.ts'
import { type Larger, largerOf } from './larger.ts'
import type { MeasuredLine, Rates } from './lines.ts'
import type { Prices } from './price.ts'
import type { WholeLine } from './scale.ts'
import { type Scaling, type SizeWanted, usedAt, wholeLine } from './whole.ts'
import type { WithinHour } from './within-hour.ts'

/** What is known of the load to come. */
export type LoadAhead = {
  /** Requests a second, hour by hour. */
  readonly history: History
  /** Daily peaks of the means of hours. */
  readonly paths: Paths | Refusal
  /** Undefined: what a minute does within an hour is not known. */
  readonly within: WithinHour | undefined
}

/** What is asked: when load reaches what instances of a release carry. */
export type AheadQuestion = {
  readonly lines: readonly MeasuredLine[]
  readonly instances: number
  /** Environment in step → why it carries in proportion to its instances. */
  readonly scales: Scaling['scales']
  /** Environment in step → why a larger instance carries in proportion. */
  readonly scalesBySize?: Scaling['scalesBySize']
  /** Of what size they are; nobody knows it when not given. */
  readonly size?: SizeWanted | undefined
  /** Sizes that can be had; any when there is none. */
  readonly sizes?: readonly Limits[]
  readonly prices?: Prices | undefined
  /** Share of the load line that is to be left. */
  readonly below: number
  /** So long before somebody wants to know. */
  readonly leadMs: number
  readonly assumed?: Assumed
}

/** Of a line nobody has found the end of, only a bound is known. */
export type Limit = 'exact' | 'atLeast' | 'atMost'

/** What would leave enough again, through the lead time and in nine of ten futures. */
export type Restores =
  | { readonly is: 'instances'; readonly more: number; readonly instances: number; readonly keeps: Crossing }
  /** Nobody knows what more instances carry. */
  | { readonly is: 'untold'; readonly because: string; readonly place: string }
  /** No number of instances up to this one. */
  | { readonly is: 'beyond'; readonly instances: number }

/** An hour that is assumed to be busier: as shares of the load line. */
export type MomentSeen = { readonly text: string; readonly used: Rates }

export type Told = {
  readonly is: 'told'
  readonly line: WholeLine
  readonly limit: Limit
  readonly below: number
  readonly leadDays: number
  /** The highest of the last seven days, within an hour as far as that is known. */
  readonly lately: number
  /** Of the line, and of what leaves `below` of it. */
  readonly crossing: Crossing
  readonly keeps: Crossing
  readonly within: WithinHour | undefined
  /** Undefined: enough is left. */
  readonly restores?: Restores
  /** As many instances that are larger; undefined where nobody can say which. */
  readonly larger?: Larger
  /** What they are now. */
  readonly size?: SizeWanted
  readonly instances: number
  /** How near its limits one of them came at the load line. */
  readonly used?: InstanceUse
  readonly moments: readonly MomentSeen[]
}

export type Ahead =
  | Told
  /** Nobody can say: for want of a line, or of history. */
  | { readonly is: 'untold'; readonly lacks: 'line' | Refusal['because']; readonly why: string }

const dayMs = 86_400_000
const latelyMs = 7 * dayMs

const limitOf = ({ low, high }: Rates): Limit =>
  Number.isFinite(high) ? (low > 0 ? 'exact' : 'atMost') : 'atLeast'

/** A share of a line as the forecast takes it; where only a bound of it is known, that bound. */
function lineAt(line: Rates, share: number): Line {
  const { low, at, high } = line
  if (limitOf(line) !== 'exact' || low === high) return at * share
  return { value: at * share, lower: low * share, upper: high * share }
}

function highestLately({ stepMs, values }: History): number {
  const lately = Array.from(values).slice(-Math.ceil(latelyMs / stepMs))
  return Math.max(0, ...lately.filter((value) => !Number.isNaN(value)))
}

/** With more than so many times the instances, and some, something else is wrong. */
const mostInstances = (instances: number): number => 4 * instances + 16
/** The upper edge of what holds 80 % is not crossed by more. */
const mostCross = 0.1

type Sized = { readonly question: AheadQuestion; readonly factor: number; readonly paths: Paths }

const crossingAt = ({ paths, factor }: Sized, line: Rates, share: number): Crossing =>
  crossingOf(paths, lineAt(line, share / factor))

const scalingOf = ({ scales, scalesBySize }: AheadQuestion): Scaling => ({ scales, scalesBySize })

const isEnough = ({ question: { leadMs } }: Sized, crossing: Crossing): boolean =>
  chanceWithin(crossing, leadMs / dayMs) <= mostCross

/** As many instances that are larger. */
function enlarging(sized: Sized, keeps: Crossing): Larger | undefined {
  const { lines, instances, size, sizes: listed = [], prices, below } = sized.question
  if (isEnough(sized, keeps)) return undefined
  return largerOf(
    { lines, instances, size, listed, prices, scaling: scalingOf(sized.question) },
    (line) => crossingAt(sized, line, 1 - below),
    (crossing) => isEnough(sized, crossing),
  )
}

/** The fewest instances that leave enough through the lead time. */
function restoring(sized: Sized, keeps: Crossing): Restores | undefined {
  const { lines, instances, size, below } = sized.question
  if (isEnough(sized, keeps)) return undefined
  const most = mostInstances(instances)
  for (let n = instances + 1; n <= most; n++) {
    const line = wholeLine(lines, { instances: n, size }, scalingOf(sized.question))
    if ('because' in line)
      return { is: 'untold', because: line.because, place: lines.at(-1)?.environment ?? 'perf' }
    const then = crossingAt(sized, line, 1 - below)
    if (isEnough(sized, then)) return { is: 'instances', more: n - instances, instances: n, keeps: then }
  }
  return { is: 'beyond', instances: most }
}

const asShares = ({ low, at, high }: Rates, factor: number, line: number): Rates => ({
  low: (low * factor) / line,
  at: (at * factor) / line,
  high: (high * factor) / line,
})

/** Whether the load line is likely to be crossed within the lead time. Of a lower bound of it nobody knows that. */
export const isSoon = (ahead: Ahead): boolean =>
  ahead.is === 'told' && ahead.limit !== 'atLeast' && chanceWithin(ahead.crossing, ahead.leadDays) >= likelyAt

/** When load reaches the load line, and what is to be left of it; or why nobody can say. */
export function aheadOf(question: AheadQuestion, { history, paths, within }: LoadAhead): Ahead {
  const { lines, instances, size, below, leadMs, assumed } = question
  if (instances < 1) return { is: 'untold', lacks: 'line', why: 'no instance would be left' }
  if (lines.length === 0) return { is: 'untold', lacks: 'line', why: 'none that counts is known' }
  const line = wholeLine(lines, { instances, size }, scalingOf(question))
  if ('because' in line) return { is: 'untold', lacks: 'line', why: line.because }
  if (paths.is === 'refused') return { is: 'untold', lacks: paths.because, why: paths.why }
  const factor = within?.factor ?? 1
  const futures = assumed ? underAssumption(paths, history, assumed) : paths
  const sized = { question, factor, paths: futures }
  const keeps = crossingAt(sized, line, 1 - below)
  const [restores, larger] = [restoring(sized, keeps), enlarging(sized, keeps)]
  const used = usedAt(line.seen, size)
  return {
    is: 'told',
    line,
    limit: limitOf(line),
    ...{ below, within, keeps, leadDays: leadMs / dayMs, lately: highestLately(history) * factor },
    crossing: crossingAt(sized, line, 1),
    ...(restores ? { restores } : {}),
    ...(larger ? { larger } : {}),
    ...(size ? { size } : {}),
    ...(used ? { used } : {}),
    instances,
    moments: (assumed?.moments ?? []).map((moment) => ({
      text: moment.text,
      used: asShares(momentRates(paths, history, moment), factor, line.at),
    })),
  }
}
