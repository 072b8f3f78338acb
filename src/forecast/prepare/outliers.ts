import { median, middleInPlace, quantileOf } from '../model/order.ts'

/** So many robust deviations away from its surroundings, nothing of the series is. */
const limit = 10
/** A departure that lasts longer is a change of level, not an outlier. */
const longest = 3
const halfWindow = 5
/** So small a share at either end may be outliers. */
const rare = 0.02
const margin = 0.5

const around = [-2, -1, 1, 2] as const

/** What is left of each value when the middle of the same time of the seasons around is taken away. */
function departures(y: Float64Array, season: number): Float64Array {
  if (season <= 0) return y
  const few = new Float64Array(around.length)
  return y.map((value, t) => {
    let count = 0
    for (const k of around) {
      const other = y[t + k * season]
      if (other !== undefined) few[count++] = other
    }
    return count === 0 ? value : value - middleInPlace(few.subarray(0, count))
  })
}

/** Each value less the middle of those around it. */
function fromRunningMiddle(e: Float64Array): Float64Array {
  return e.map((value, t) => {
    const window = e.slice(Math.max(0, t - halfWindow), t + halfWindow + 1)
    return value - middleInPlace(window)
  })
}

/** What nearly all values keep to, with half as much again on either side. */
function usualRange(y: Float64Array): readonly [number, number] {
  const inOrder = y.slice().sort()
  const [low, high] = [quantileOf(inOrder, rare), quantileOf(inOrder, 1 - rare)]
  return [low - margin * (high - low), high + margin * (high - low)]
}

/** Times at which something is so, and stays so for at most `longest` steps. */
function shortRuns(isSo: (t: number) => boolean, n: number): readonly number[] {
  const found: number[] = []
  for (let t = 0; t < n; t++) {
    let end = t
    while (end < n && isSo(end)) end++
    if (end - t <= longest) for (let i = t; i < end; i++) found.push(i)
    t = Math.max(t, end)
  }
  return found
}

/**
 * Times of values that are unlike any other of the series, and far from what stands around them and from the same time of the seasons
 * around, for at most three steps: a spike of a broken counter, an hour of an outage. What comes back each day and what stays are none;
 * lesser spikes are left to the weights of the regression.
 * @param y without gaps
 * @param season in steps; 0 when there is none
 */
export function outliersOf(y: Float64Array, season: number): readonly number[] {
  if (y.length < 4 * halfWindow) return []
  const [low, high] = usualRange(y)
  const isUnlike = (t: number): boolean => (y[t] as number) < low || (y[t] as number) > high
  // Most series have none, and need no more than this.
  if (!y.some((_, t) => isUnlike(t))) return []
  const away = fromRunningMiddle(departures(y, season))
  const scale = 1.4826 * median(away.map(Math.abs))
  return shortRuns((t) => isUnlike(t) && Math.abs(away[t] as number) > limit * scale, y.length)
}
