import type { MeasuredLine } from '../../contract/index.ts'
import type { Range } from './scale.ts'
import type { Table } from './table.ts'

export const quantiles = ['p50Ms', 'p95Ms', 'p99Ms'] as const
export type Quantile = (typeof quantiles)[number]

export const nameOf = (quantile: Quantile): string => quantile.replace('Ms', '')

/** Rates from the least that was tried to the most. */
export function ratesOf({ curve, interval }: MeasuredLine): Range {
  const all = [...curve.map(({ ratePerSecond }) => ratePerSecond), interval?.high ?? 0]
  return { low: 0, high: Math.max(...all) }
}

/** Beyond three times the objective a curve tells nothing but that it is beyond. */
export function latenciesOf({ curve, objective }: MeasuredLine): Range {
  const highest = Math.max(objective.belowMs * 1.2, ...curve.map(({ p99Ms }) => p99Ms))
  return { low: 0, high: Math.min(highest, 3 * objective.belowMs) }
}

const ms = (value: number): string => value.toPrecision(3)

export const curveTable = ({ curve }: MeasuredLine): Table => ({
  heads: ['Rate per second', 'p50 in ms', 'p95 in ms', 'p99 in ms'],
  rows: curve.map(({ ratePerSecond, p50Ms, p95Ms, p99Ms }) => [
    ratePerSecond.toPrecision(4),
    ms(p50Ms),
    ms(p95Ms),
    ms(p99Ms),
  ]),
})

export const curveCsv = ({ curve }: MeasuredLine): Table => ({
  heads: ['ratePerSecond', 'p50Ms', 'p95Ms', 'p99Ms'],
  rows: curve.map(({ ratePerSecond, p50Ms, p95Ms, p99Ms }) => [ratePerSecond, p50Ms, p95Ms, p99Ms]),
})
