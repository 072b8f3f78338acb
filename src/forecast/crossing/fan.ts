import type { Instant } from '../../kernel/index.ts'
import { dayMs } from '../calendar/day.ts'
import type { Band } from '../forecast.ts'
import type { History, Refusal } from '../history.ts'
import { quantileOf } from '../model/order.ts'
import type { Level } from '../outlook.ts'
import { atAStretch, type CrossingOptions, pathsInSteps } from './paths.ts'

/** How high the daily peaks of many simulated futures are, in the units of the history. */
export type Fan = {
  readonly is: 'fan'
  /** Days that are taken together: the highest of their peaks counts. */
  readonly stepDays: number
  /** When each step begins; the first follows the last whole day of the history. */
  readonly at: readonly Instant[]
  /** Half of the futures are below. */
  readonly median: readonly number[]
  /** Each holds so many percent of the futures, at each step by itself. */
  readonly bands: Readonly<Record<Level, Band>>
  /** The daily peaks that the futures go on from: `values[i]` of the day from `from + i` days on. NaN: not known. */
  readonly past: { readonly from: Instant; readonly values: readonly number[] }
}

export type FanOptions = CrossingOptions & {
  /** So many days are one step; 1. */
  readonly stepDays?: number
}

/** The highest of each so many days; the last step may be shorter. */
const highestOf = (path: Float64Array, stepDays: number): Float64Array =>
  Float64Array.from({ length: Math.ceil(path.length / stepDays) }, (_, step) =>
    path.subarray(step * stepDays, (step + 1) * stepDays).reduce((most, value) => Math.max(most, value)),
  )

/** What `crossing` sees coming: quantiles of the daily peaks of the very same futures, so that both tell of one thing. */
export function fan(history: History, options: FanOptions = {}): Fan | Refusal {
  const { stepDays = 1 } = options
  const paths = atAStretch(pathsInSteps(history, options))
  if (paths.is === 'refused') return paths
  const { from, past, peaks } = paths
  const stepped = peaks.map((path) => highestOf(path, stepDays))
  const sorted = Array.from(stepped[0] ?? [], (_, step) =>
    Float64Array.from(stepped, (path) => path[step] as number).sort(),
  )
  const at = (share: number): readonly number[] => sorted.map((values) => quantileOf(values, share))
  const band = (level: Level): Band => ({ lower: at(0.5 - level / 200), upper: at(0.5 + level / 200) })
  return {
    is: 'fan',
    stepDays,
    at: sorted.map((_, step) => from + step * stepDays * dayMs),
    median: at(0.5),
    bands: { 50: band(50), 80: band(80), 95: band(95) },
    past: { from: past.from, values: [...past.values] },
  }
}
