import { type History, type Refusal, refused } from '../history.ts'
import { readable } from './readable.ts'
import { rollUp } from './roll-up.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Finer steps are rolled up to hours when there are so many days of them. */
const daysForHours = 3
/** Half a year of hours says what there is to say of days and weeks. */
const mostSteps = 26 * 7 * 24
const leastKnown = 8
/** Of a history at least so much must be known. */
const leastShare = 0.5
/** A history may end so long ago, as a share of its length. */
const mostStale = 0.25

export type Prepared = {
  readonly is: 'prepared'
  readonly from: number
  readonly stepMs: number
  /** NaN where nothing is known; the first is known, the last may not be. */
  readonly values: Float64Array
  readonly notes: readonly string[]
}

const isHourly = ({ stepMs, values }: History): boolean =>
  stepMs < hourMs && Number.isInteger(hourMs / stepMs) && values.length * stepMs >= daysForHours * dayMs

function withoutEdges({ from, stepMs, values }: History): History {
  let begin = 0
  while (begin < values.length && !Number.isFinite(values[begin])) begin++
  begin = Math.max(begin, values.length - mostSteps)
  while (begin < values.length && !Number.isFinite(values[begin])) begin++
  const kept = Float64Array.from({ length: values.length - begin }, (_, i) => {
    const value = values[begin + i] as number
    return Number.isFinite(value) ? value : Number.NaN
  })
  return { from: from + begin * stepMs, stepMs, values: kept }
}

function whyNot({ values }: History): Refusal | undefined {
  const known = Float64Array.from(values).filter((value) => !Number.isNaN(value))
  if (known.length < leastKnown)
    return refused('too-short', `${known.length} values are known, expected at least ${leastKnown}`)
  let last = values.length - 1
  while (Number.isNaN(values[last])) last--
  const silent = values.length - 1 - last
  if (silent > mostStale * values.length)
    return refused('stale', `nothing is known of the last ${silent} of ${values.length} steps`)
  if (known.length < leastShare * values.length)
    return refused(
      'too-many-gaps',
      `${known.length} of ${values.length} steps are known, expected at least half`,
    )
  return undefined
}

/**
 * A history as models want it: in hours when it is finer and long enough, at most half a year, beginning with a known value.
 * What is not finite is not known.
 */
export function prepare(history: History): Prepared | Refusal {
  // Twice as much as is kept: what ended long ago is to be told from what is too short.
  const read = readable(history, 2 * mostSteps * Math.max(history.stepMs, hourMs))
  if (read.is === 'refused') return read
  const notes = [...read.notes]
  const rolled = isHourly(history) ? rollUp(read.history, hourMs, 'mean') : read.history
  if (rolled !== read.history) notes.push('rolled up to hours')
  const cut = withoutEdges(rolled)
  const refusal = whyNot(cut)
  if (refusal) return refusal
  return { is: 'prepared', from: cut.from, stepMs: cut.stepMs, values: Float64Array.from(cut.values), notes }
}
