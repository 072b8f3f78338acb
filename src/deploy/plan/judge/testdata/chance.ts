import type { Random } from '../../../../kernel/index.ts'

/** More than so many expected are drawn in halves: the first chance must not underflow. */
const mostExpected = 300

/** Number of successes in n independent trials, by inversion: few steps where few are expected. */
export function binomial(n: number, p: number, random: Random): number {
  if (n === 0 || p <= 0) return 0
  if (p > 0.5) return n - binomial(n, 1 - p, random)
  if (n * p > mostExpected) {
    const half = Math.floor(n / 2)
    return binomial(half, p, random) + binomial(n - half, p, random)
  }
  const odds = p / (1 - p)
  let chance = (1 - p) ** n
  let left = random.next() - chance
  let found = 0
  while (left > 0 && found < n) {
    chance *= (odds * (n - found)) / (found + 1)
    found++
    left -= chance
  }
  return found
}

/** Number of events where so many are expected. */
export function poisson(expected: number, random: Random): number {
  if (expected > mostExpected) return poisson(expected / 2, random) + poisson(expected / 2, random)
  let chance = Math.exp(-expected)
  let left = random.next() - chance
  let found = 0
  while (left > 0 && chance > 0) {
    found++
    chance *= expected / found
    left -= chance
  }
  return found
}
