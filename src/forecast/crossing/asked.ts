import { type Refusal, refused } from '../history.ts'
import type { Line } from './line.ts'

export type HowFar = {
  /** How far ahead one looks; 180, at most ten years. */
  readonly horizonDays?: number
  /** When days begin where the requests come from, after midnight UTC; 0. */
  readonly dayBeginsMs?: number
  /** How many futures are simulated; 400, at most 100,000. */
  readonly futures?: number
  readonly seed?: number
}

export type Asked = Required<HowFar> & { readonly is: 'asked' }

const [mostDays, mostFutures] = [3_650, 100_000]

const within = (value: number, most: number): number => Math.min(most, Math.max(1, Math.round(value)))

/** What is asked, within bounds; a refusal where it holds what is no number. */
export function askedOf(line: Line, options: HowFar): Asked | Refusal {
  const { horizonDays = 180, dayBeginsMs = 0, futures = 400, seed = 1 } = options
  const ends = typeof line === 'number' ? [line] : [line.value, line.lower, line.upper]
  if (ends.some(Number.isNaN))
    return refused('unreadable', `the line is ${ends.join(', ')}, expected numbers`)
  const others = { horizonDays, dayBeginsMs, futures, seed }
  const odd = Object.entries(others).find(([, value]) => Number.isNaN(value))
  if (odd || !Number.isFinite(dayBeginsMs))
    return refused(
      'unreadable',
      `${odd?.[0] ?? 'dayBeginsMs'} is ${odd?.[1] ?? dayBeginsMs}, expected a number`,
    )
  return {
    is: 'asked',
    horizonDays: within(horizonDays, mostDays),
    dayBeginsMs,
    futures: within(futures, mostFutures),
    seed,
  }
}
