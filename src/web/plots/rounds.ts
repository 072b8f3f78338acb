import type { RoundView } from '../../contract/index.ts'
import { formatChange, formatRate, plural } from '../format.ts'
import type { Range } from './scale.ts'
import type { Table } from './table.ts'

/** Differences smaller than this share of the axis are noise, and are not to look like cliffs. */
const leastSpan = 0.25

/** The ends of an axis for both sides: from none where they differ much, else about what was carried. */
export function rangeOf(rounds: readonly RoundView[]): Range {
  const values = rounds.flatMap(({ base, change }) => [base, change])
  const [least, most] = [Math.min(...values), Math.max(...values)]
  if (least < most / 2) return { low: 0, high: most }
  const spare = Math.max(0, most * leastSpan - (most - least)) / 2
  return { low: least - spare, high: most + spare }
}

/** How many rounds the axis has room for: while more may come, what is there stays where it is for some time. */
export function slotsOf(rounds: readonly RoundView[], goesOn: boolean): number {
  return goesOn ? Math.max(10, Math.ceil(rounds.length / 5) * 5) : rounds.length
}

export function roundsFinding(rounds: readonly RoundView[]): string {
  const ratios = rounds.filter((one) => one.void === undefined).map(({ ratio }) => ratio)
  const voids = rounds.length - ratios.length
  const aside = voids === 0 ? '' : `; ${plural(voids, 'round')} ${voids === 1 ? 'does' : 'do'} not`
  if (ratios.length === 0) return `No round counts${aside}.`
  const less = ratios.filter((ratio) => ratio < 0).length
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)]
  const reach = ratios.length === 1 ? formatChange(low) : `${formatChange(low)} to ${formatChange(high)}`
  return `The change carried less than the base in ${less} of ${plural(ratios.length, 'round')} (${reach})${aside && `${aside} count`}.`
}

/** A round as it is read out. */
export const roundText = (round: RoundView, index: number): string =>
  `Round ${index + 1}: base ${formatRate(round.base)}, change ${formatRate(round.change)}, ${formatChange(round.ratio)}, ${round.order}${round.void === undefined ? '' : `; does not count: ${round.void}`}`

export const roundsTable = (rounds: readonly RoundView[]): Table => ({
  heads: ['round', 'order', 'base', 'change', 'difference', 'does not count'],
  rows: rounds.map((one, i) => [
    i + 1,
    one.order,
    formatRate(one.base),
    formatRate(one.change),
    formatChange(one.ratio),
    one.void ?? '',
  ]),
})

export const roundsCsv = (rounds: readonly RoundView[]): Table => ({
  heads: ['round', 'order', 'base_per_second', 'change_per_second', 'ratio', 'void'],
  rows: rounds.map((one, i) => [i + 1, one.order, one.base, one.change, one.ratio, one.void ?? null]),
})
