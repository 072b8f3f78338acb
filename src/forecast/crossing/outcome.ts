import type { Instant } from '../../kernel/index.ts'
import { dayMs } from '../calendar/day.ts'

/** When something is crossed: dates of many simulated futures. */
export type Crossing = {
  readonly is: 'crossing'
  /** Before half of the futures have crossed; undefined when that is beyond the horizon. */
  readonly date?: Instant
  /** With 80 % between `early` and `late`; undefined when beyond the horizon. */
  readonly early?: Instant
  readonly late?: Instant
  /** Probability of crossing within so many days. */
  readonly within: Readonly<Record<7 | 30 | 90, number>>
  /** When the crossing of each future that crossed begins, in days from `from`, ascending. */
  readonly days: readonly number[]
  readonly futures: number
  /** The end of the history. */
  readonly from: Instant
  readonly horizonDays: number
  readonly why: string
}

/** Probability of crossing within so many days of the end of the history. */
export const chanceWithin = ({ days, futures }: Pick<Crossing, 'days' | 'futures'>, within: number): number =>
  days.filter((day) => day < within).length / futures

/** The day before which such a share of all futures has crossed. */
export function dayOfShare(
  { days, futures }: Pick<Crossing, 'days' | 'futures'>,
  share: number,
): number | undefined {
  return days[Math.max(0, Math.ceil(share * futures) - 1)]
}

export function outcomeOf(
  found: readonly number[],
  of: {
    readonly futures: number
    readonly from: Instant
    readonly horizonDays: number
    readonly why: string
  },
): Crossing {
  const days = [...found].sort((a, b) => a - b)
  const sample = { days, futures: of.futures }
  const at = (name: 'date' | 'early' | 'late', share: number) => {
    const day = dayOfShare(sample, share)
    return day === undefined ? {} : { [name]: of.from + day * dayMs }
  }
  return {
    is: 'crossing',
    ...at('date', 0.5),
    ...at('early', 0.1),
    ...at('late', 0.9),
    within: { 7: chanceWithin(sample, 7), 30: chanceWithin(sample, 30), 90: chanceWithin(sample, 90) },
    days,
    ...of,
  }
}
