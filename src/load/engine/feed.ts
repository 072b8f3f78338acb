import type { Feeder } from '../scenario.ts'

/** The rows of a feeder are used up. */
export class UsedUp extends Error {}

/**
 * Gives out the rows of feeders in one worker. Workers share them by phase: together they give out each row of an
 * ordered feeder in turn, and none of a `once` feeder twice.
 */
export function createFeed(index: number, workers: number, random: () => number) {
  const taken = new Map<Feeder<unknown>, number>()
  return function take<T>(feeder: Feeder<T>): T {
    const { rows, order, make } = feeder
    const n = (taken.get(feeder) ?? 0) * workers + index
    taken.set(feeder, (taken.get(feeder) ?? 0) + 1)
    if (!rows) return make(n)
    if (rows.length === 0) throw new UsedUp('a feeder has no rows')
    if (order === 'once' && n >= rows.length) throw new UsedUp('the rows of a feeder are used up')
    return rows[order === 'random' ? Math.floor(random() * rows.length) : n % rows.length] as T
  }
}
