import { isEndAt, type Samples } from './samples.ts'

/**
 * What is known of some samples that follow each other: enough for every window function but quantiles, and two that
 * follow each other make one. So a long window is put together from the summaries of its parts.
 */
export type Summary = {
  readonly count: number
  readonly sum: number
  /** NaN only when all are. */
  readonly min: number
  readonly max: number
  readonly first: number
  readonly firstAt: number
  readonly last: number
  readonly lastAt: number
  /** What a counter had reached whenever it began again from zero: the increase is last − first + this. */
  readonly dropped: number
}

const lesser = (a: number, b: number): number => (b < a || Number.isNaN(a) ? b : a)
const greater = (a: number, b: number): number => (b > a || Number.isNaN(a) ? b : a)

/** Of samples, and of those right behind them. */
export function combine(a: Summary | undefined, b: Summary | undefined): Summary | undefined {
  if (!a || !b) return a ?? b
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: lesser(a.min, b.min),
    max: greater(a.max, b.max),
    first: a.first,
    firstAt: a.firstAt,
    last: b.last,
    lastAt: b.lastAt,
    dropped: a.dropped + b.dropped + (b.first < a.last ? a.last : 0),
  }
}

/** Markers of an end count for nothing. @returns undefined when there are no others */
export function summarize(
  { times, values, words }: Samples,
  begin: number,
  end: number,
): Summary | undefined {
  let [count, sum, lost, dropped] = [0, 0, 0, 0]
  let [min, max, first, firstAt, last, lastAt] = [0, 0, 0, 0, 0, 0]
  for (let i = begin; i < end; i++) {
    if (isEndAt(words, i)) continue
    const value = values[i] as number
    if (count === 0) {
      ;[min, max, first, firstAt] = [value, value, value, times[i] as number]
    } else {
      min = lesser(min, value)
      max = greater(max, value)
      if (value < last) dropped += last
    }
    // Neumaier's sum: what is lost by adding a small number to a large one is kept beside it.
    const next = sum + value
    if (Number.isFinite(next))
      lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
    last = value
    lastAt = times[i] as number
    count++
  }
  if (count === 0) return undefined
  return {
    count,
    sum: Number.isFinite(sum) ? sum + lost : sum,
    min,
    max,
    first,
    firstAt,
    last,
    lastAt,
    dropped,
  }
}
