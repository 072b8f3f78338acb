import { type History, type Refusal, refused } from '../history.ts'

/** Nothing that is measured reaches it, and its square is still a number. */
const largest = 1e150
/** So small a share may be an accident of whoever measured; more is another unit or another thing. */
const mostUnreadable = 0.01

/** A history whose every value is one or not known (NaN). */
export type Readable = {
  readonly is: 'readable'
  readonly history: History
  readonly notes: readonly string[]
}

/** The last steps of a history. */
function lastOf({ from, stepMs, values }: History, steps: number): History {
  const begin = values.length - steps
  if (!(begin > 0)) return { from, stepMs, values }
  return {
    from: from + begin * stepMs,
    stepMs,
    values: Float64Array.from({ length: steps }, (_, i) => values[begin + i] as number),
  }
}

/**
 * Leaves out what no measurement is: infinite values, and the few that are larger than anything that can be counted with.
 * @param spanMs what lies longer ago is not looked at
 * @returns a refusal when it has no place in time, or when more than a few values are too large
 */
export function readable(whole: History, spanMs = Number.POSITIVE_INFINITY): Readable | Refusal {
  const { stepMs } = whole
  if (!(stepMs > 0 && Number.isFinite(stepMs)) || !Number.isFinite(whole.from))
    return refused(
      'unreadable',
      `steps of ${stepMs} ms from ${whole.from}, expected a time and a step above 0`,
    )
  const history = lastOf(whole, Math.ceil(spanMs / stepMs))
  const { from, values } = history
  let [tooLarge, example] = [0, 0]
  const isOne = (value: number | undefined): value is number =>
    value !== undefined && Math.abs(value) <= largest
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (isOne(value) || !Number.isFinite(value)) continue
    tooLarge++
    example = value
  }
  if (tooLarge > mostUnreadable * values.length)
    return refused('unreadable', `holds ${example}, which nothing that is measured reaches`)
  if (tooLarge === 0) return { is: 'readable', history, notes: [] }
  const kept = Float64Array.from(values, (value) => (isOne(value) ? value : Number.NaN))
  return {
    is: 'readable',
    history: { from, stepMs, values: kept },
    notes: [`${tooLarge} that nothing measured reaches left out`],
  }
}
