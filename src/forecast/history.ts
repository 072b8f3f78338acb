import type { Instant } from '../kernel/index.ts'

/** Numbers at even distances: `values[i]` is of the time from `from + i · stepMs` to the next. NaN: not known. */
export type History = {
  readonly from: Instant
  readonly stepMs: number
  readonly values: ArrayLike<number>
}

export type Point = { readonly at: Instant; readonly value: number }

/** Why there is no forecast. A value, not an exception: there being no answer is an answer. */
export type Refusal = {
  readonly is: 'refused'
  readonly because: 'too-short' | 'too-many-gaps' | 'stale' | 'unreadable'
  /** One sentence, with the numbers. */
  readonly why: string
}

export const refused = (because: Refusal['because'], why: string): Refusal => ({
  is: 'refused',
  because,
  why,
})

/** More than a series of minutes over a decade; beyond it somebody mixed up seconds and milliseconds. */
const mostSteps = 10_000_000

/**
 * Points in any order, put on a grid: the mean of those within a step, NaN where there are none. What is not finite is left
 * out, and the same time twice counts as two.
 * @param stepMs above 0; steps begin at its multiples since 1970
 * @throws RangeError when the points span more than ten million steps
 */
export function evenly(points: Iterable<Point>, stepMs: number): History {
  const sound = [...points].filter(({ at, value }) => Number.isFinite(at) && Number.isFinite(value))
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { at } of sound) {
    first = Math.min(first, at)
    last = Math.max(last, at)
  }
  if (sound.length === 0) return { from: 0, stepMs, values: [] }
  const begin = Math.floor(first / stepMs)
  const steps = Math.floor(last / stepMs) - begin + 1
  if (!(steps <= mostSteps))
    throw new RangeError(`${steps} steps of ${stepMs} ms, expected at most ${mostSteps}`)
  const sums = new Float64Array(steps)
  const counts = new Int32Array(steps)
  for (const { at, value } of sound) {
    const i = Math.floor(at / stepMs) - begin
    sums[i] = (sums[i] as number) + value
    counts[i] = (counts[i] as number) + 1
  }
  return { from: begin * stepMs, stepMs, values: sums.map((sum, i) => sum / (counts[i] as number)) }
}
