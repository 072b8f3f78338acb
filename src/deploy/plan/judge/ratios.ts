/** How many times as often the canary may fail: 1/32 … 512 in steps of √2. */
export const ratios: readonly number[] = Array.from({ length: 29 }, (_, k) => 2 ** (k / 2 - 5))

export const logRatios: readonly number[] = ratios.map(Math.log)

const firstWorse = 11

/** The part of a list over all ratios that is about worse ones: √2 … 512. */
export const worseOf = <T>(all: readonly T[]): readonly T[] => all.slice(firstWorse)

export const worseRatios: readonly number[] = worseOf(ratios)

/** ln Σ exp, without overflow. */
export function logSumExp(values: readonly number[]): number {
  let most = -Infinity
  for (const value of values) if (value > most) most = value
  if (most === -Infinity) return most
  let sum = 0
  for (const value of values) sum += Math.exp(value - most)
  return most + Math.log(sum)
}
