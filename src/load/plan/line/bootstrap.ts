import type { Random } from '../../../kernel/index.ts'

/**
 * Draws whole items with replacement, `times` times, and asks each draw for a figure.
 * @param items at least one; what belongs together (a whole trial) is one item
 * @returns the figures in ascending order
 */
export function bootstrap<T>(
  items: readonly T[],
  times: number,
  random: Random,
  figureOf: (drawn: readonly T[]) => number,
): Float64Array {
  const figures = new Float64Array(times)
  const drawn = [...items]
  for (let i = 0; i < times; i++) {
    for (let j = 0; j < drawn.length; j++) drawn[j] = items[Math.floor(random.next() * items.length)] as T
    figures[i] = figureOf(drawn)
  }
  return figures.sort()
}
