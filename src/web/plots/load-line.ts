import type { LoadHistoryView } from '../../contract/index.ts'
import { formatChange, formatDate, formatDay, formatExactly, formatInterval, formatMonth } from '../format.ts'
import type { Label } from './place-labels.ts'
import type { Range } from './scale.ts'
import type { Table } from './table.ts'

type Line = LoadHistoryView['line']
export type LinePoint = Line[number]
export type Shift = LoadHistoryView['shifts'][number]

/** A point with what it is compared with: the steps of the line are measured, not its places. */
export type Step = LinePoint & {
  readonly step: number | null
  /** The interval of its step, where it puts the point; none of the first. */
  readonly reach: Range | null
  readonly shift: Shift | undefined
  /** It is one of those that change the line little by little. */
  readonly drifts: boolean
}

export function stepsOf({
  line,
  shifts,
  drift,
}: Pick<LoadHistoryView, 'line' | 'shifts' | 'drift'>): readonly Step[] {
  const placeOf = (digest: string | undefined) => line.findIndex(({ release }) => release.digest === digest)
  const [from, to] = [placeOf(drift?.first), placeOf(drift?.last)]
  return line.map((point, i) => {
    const before = line[i - 1]?.index
    const { interval, release } = point
    return {
      ...point,
      step: before === undefined ? null : point.index / before - 1,
      reach:
        before === undefined || interval === null
          ? null
          : { low: before * (1 + interval.low), high: before * (1 + interval.high) },
      shift: shifts.find((one) => one.release === release.digest),
      drifts: from >= 0 && from <= i && i <= to,
    }
  })
}

/** Half of what the axis shows at least, about the first release: a noise of one per cent is to look like one. */
const leastReach = 0.1

export function rangeOf(steps: readonly Step[]): Range {
  const values = steps.flatMap(({ index, reach }) => [index, reach?.low ?? index, reach?.high ?? index])
  return { low: Math.min(1 - leastReach, ...values), high: Math.max(1 + leastReach, ...values) }
}

/** A share of the first release's load line: `96 %`. */
export const formatIndex = (index: number): string => `${Number((index * 100).toFixed(1))} %`

const nameOf = ({ release }: LinePoint): string => release.subject || release.short

export const stepText = ({ step, interval }: Step): string => {
  if (step === null) return 'the first release'
  const seen = interval ? ` (95 %: ${formatInterval(interval)})` : ''
  return `${formatChange(step)} from the release before${seen}`
}

/** A point as it is read out. */
export const pointText = (one: Step): string =>
  `${nameOf(one)}, ${formatDate(one.at)}: ${formatIndex(one.index)}, ${stepText(one)}`

/** Longer than that, days without their year would be taken for others. */
const mostDaysMs = 300 * 86_400_000

/** What days are called below a line: by their months when it is a long one. */
export function dayNames(steps: readonly LinePoint[]): (at: number) => string {
  const [first, last] = [steps[0]?.at ?? 0, steps.at(-1)?.at ?? 0]
  return last - first > mostDaysMs ? formatMonth : formatDay
}

/** The first and the last place of a drift; none when there is no drift. */
export function driftPlaces(steps: readonly Step[]): readonly number[] {
  const places = steps.flatMap(({ drifts }, i) => (drifts ? [i] : []))
  const [first, last] = [places[0], places.at(-1)]
  return first === undefined || last === undefined ? [] : [Math.max(0, first - 1), last]
}

/** What stands above the lasting changes of a line, and where: a shift lies between two releases. */
export function changeLabels(
  steps: readonly Step[],
  drift: LoadHistoryView['drift'],
  at: (place: number) => number,
): readonly Label[] {
  const nameDay = dayNames(steps)
  const shifts = steps.flatMap(({ shift, at: time }, i) =>
    shift ? [{ text: `${formatChange(shift.ratio)} since ${nameDay(time)}`, x: at(i - 0.5) }] : [],
  )
  const [from] = driftPlaces(steps)
  return drift && from !== undefined
    ? [...shifts, { text: `${formatChange(drift.ratio)} little by little`, x: at(from) }]
    : shifts
}

const lasting = ({ shift, drifts }: Step): string =>
  shift ? formatChange(shift.ratio) : drifts ? 'little by little' : ''

export const lineTable = (steps: readonly Step[]): Table => ({
  heads: ['release', 'commit', 'measured', 'load line', 'step', '95 % of the step', 'lasting change'],
  rows: steps.map((one) => [
    nameOf(one),
    one.release.short,
    formatExactly(one.at),
    formatIndex(one.index),
    one.step === null ? '–' : formatChange(one.step),
    one.interval ? formatInterval(one.interval) : '–',
    lasting(one),
  ]),
})

export const lineCsv = (steps: readonly Step[]): Table => ({
  heads: [
    'release',
    'commit',
    'subject',
    'at',
    'index',
    'step',
    'low',
    'high',
    'shift',
    'drifts',
    'comparison',
  ],
  rows: steps.map((one) => [
    one.release.digest,
    one.release.commit,
    one.release.subject,
    new Date(one.at).toISOString(),
    one.index,
    one.step,
    one.interval?.low ?? null,
    one.interval?.high ?? null,
    one.shift?.ratio ?? null,
    one.drifts ? 'yes' : 'no',
    one.comparison ?? null,
  ]),
})
