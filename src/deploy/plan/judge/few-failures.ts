/** Poisson's chances of fewer than 0, 1, 2, … `most` + 1 events. */
function chancesOfFewer(mean: number, most: number): readonly number[] {
  const fewer = [0]
  let chance = Math.exp(-mean)
  for (let n = 0; n <= most; n++) {
    fewer.push((fewer[n] ?? 0) + chance)
    chance *= mean / (n + 1)
  }
  return fewer
}

/** Mean numbers of failures in a second. */
export type FailuresPerSecond = { readonly canary: number; readonly live: number }

/**
 * After so many seconds the canary has failed often enough with such a chance. Few failures come whole: the median of
 * how many there are is not their mean, and most often the live version has not failed at all meanwhile.
 * @param needed how many of the canary's it takes when the live version has failed 0, 1, 2, … times; never falls. The
 *   last stands for all that are more.
 */
function chanceWithin(seconds: number, perSecond: FailuresPerSecond, needed: readonly number[]): number {
  const live = chancesOfFewer(perSecond.live * seconds, needed.length - 1)
  const canary = chancesOfFewer(perSecond.canary * seconds, needed.at(-1) ?? 0)
  return needed.reduce((sum, least, failed) => {
    const upTo = failed === needed.length - 1 ? 1 : (live[failed + 1] ?? 1)
    return sum + (upTo - (live[failed] ?? 0)) * (1 - (canary[least] ?? 1))
  }, 0)
}

/**
 * The seconds after which the canary has failed often enough with such a chance, to a thousandth.
 * @param needed as for `chanceWithin`
 */
export function secondsUntil(
  chance: number,
  perSecond: FailuresPerSecond,
  needed: readonly number[],
): number {
  const isLikely = (seconds: number) => chanceWithin(seconds, perSecond, needed) >= chance
  let over = 1 / perSecond.canary
  while (!isLikely(over)) over *= 2
  let under = 0
  while (over - under > over / 1_000) {
    const half = (under + over) / 2
    if (isLikely(half)) over = half
    else under = half
  }
  return over
}
