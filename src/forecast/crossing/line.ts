import type { Random } from '../../kernel/index.ts'

/** What is not to be crossed: a number, or one with the interval that holds it with 95 %. */
export type Line = number | { readonly value: number; readonly lower: number; readonly upper: number }

/** Two numbers a normal distribution is half as wide as. */
const widthOf95 = 2 * 1.96

/** A number of a normal distribution (Box & Muller 1958). */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
  return radius * Math.cos(2 * Math.PI * random.next())
}

/** Where the line may be, one draw. */
export function drawLine(line: Line, random: Random): number {
  if (typeof line === 'number') return line
  const { value, lower, upper } = line
  if (!(lower > 0)) return value + ((upper - lower) / widthOf95) * normal(random)
  return value * Math.exp((Math.log(upper / lower) / widthOf95) * normal(random))
}
