import { signedRankInterval } from './signed-rank.ts'

/** Scores of 97.5 % and 80 %: an effect of their sum, in standard errors, is found four times in five. */
const toExcludeZero = 1.959964
const toBeFound = 0.841621

/**
 * The smallest difference (in the values' own unit) that as many values with this noise would have told from
 * none, two-sided at 95 %, four times in five. From the width of the interval, so as robust as the test.
 * @returns null when there are so few values that no difference, however large, could have been told
 */
export function smallestEffect(values: readonly number[]): number | null {
  const interval = signedRankInterval(values, 0.025)
  if (!interval) return null
  return ((interval.high - interval.low) / 2) * ((toExcludeZero + toBeFound) / toExcludeZero)
}
