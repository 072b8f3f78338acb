import type { SqueezeFound, StageDone } from './state.ts'

const figure = (rate: number): string =>
  rate >= 100 ? String(Math.round(rate)) : String(Number(rate.toPrecision(3)))

/** `210/s` */
export const rateText = (rate: number): string => `${figure(rate)}/s`

/**
 * What one instance carries, by its stages. The end lies between the last stage that passed and the first in which a promise
 * was not kept. One that got worse than the others, and still kept what is promised, has not reached it.
 */
export function foundIn(stages: readonly StageDone[]): SqueezeFound | undefined {
  const broken = stages.find(({ how }) => how === 'promise')?.ratePerSecond
  // Load rises and falls by itself: more than was too much later does not count as carried.
  const passed = stages
    .filter((one) => one.is === 'passed' && one.ratePerSecond < (broken ?? Number.POSITIVE_INFINITY))
    .map((one) => one.ratePerSecond)
  const most = Math.max(...passed)
  if (passed.length > 0 && broken !== undefined)
    return { verdict: 'found', ratePerSecond: most, interval: { low: most, high: broken } }
  if (passed.length > 0) return { verdict: 'atLeast', ratePerSecond: most, interval: null }
  return broken === undefined ? undefined : { verdict: 'below', ratePerSecond: broken, interval: null }
}

/** In one sentence: `one instance carries 210/s (210/s to 260/s)`. */
export function foundText(found: SqueezeFound | undefined): string {
  if (!found) return 'nothing is known of what one instance carries'
  const { verdict, ratePerSecond, interval } = found
  if (verdict === 'below') return `one instance carries less than ${rateText(ratePerSecond)}`
  if (!interval) return `one instance carries ${rateText(ratePerSecond)} or more`
  return `one instance carries ${rateText(interval.low)}, and less than ${rateText(interval.high)}`
}
