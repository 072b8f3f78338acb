import { type Instant, type Random, seededRandom } from '../../kernel/index.ts'
import { dayMs } from '../calendar/day.ts'
import type { Band } from '../forecast.ts'
import type { History, Refusal } from '../history.ts'
import { quantileOf } from '../model/order.ts'
import type { Level } from '../outlook.ts'
import { scaleOf } from '../scale.ts'
import { type CrossingOptions, leastDays } from './crossing.ts'
import { dailyPeaks } from './daily.ts'
import { daysOf, futuresOf } from './futures.ts'
import { drawLine, type Line } from './line.ts'
import { fitTrend } from './trend.ts'

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

/** Draws from one source until it is told to leave it where it is, and from another from then on. */
function switching(first: Random, second: Random): Random & { leave(): void } {
  let current = first
  return {
    next: () => current.next(),
    fork: (label) => current.fork(label),
    leave() {
      current = second
    },
  }
}

/**
 * The futures whose crossings `crossing` counts, to their ends: it stops at the line, so that what is drawn beyond it must
 * not disturb the futures that follow.
 * @returns for each future its days, on the model's scale
 */
export function pathsOf(
  history: History,
  line: Line | undefined,
  { days = [], horizonDays = 180, dayBeginsMs = 0, futures = 400, seed = 1 }: CrossingOptions,
) {
  const daily = dailyPeaks(history, leastDays, dayBeginsMs)
  if (daily.is === 'refused') return daily
  const scale = scaleOf(daily.values.filter((value) => !Number.isNaN(value)))
  const simulated = futuresOf(
    fitTrend(daily, daily.values.map(scale.forth), days),
    daily.values.length,
    horizonDays,
  )
  const random = seededRandom(seed)
  const paths = Array.from({ length: futures }, (_, future) => {
    const drawn = line === undefined ? Number.POSITIVE_INFINITY : drawLine(line, random)
    const height = scale.isLog ? (drawn > 0 ? Math.log(drawn) : Number.NEGATIVE_INFINITY) : drawn
    const source = switching(random, random.fork(`beyond ${future}`))
    const path = new Float64Array(horizonDays)
    let day = 0
    for (const value of daysOf(simulated, source)) {
      if (value >= height) source.leave()
      path[day++] = value
    }
    return path
  })
  return { is: 'paths' as const, daily, scale, paths }
}

/** The highest of each so many days; the last step may be shorter. */
const highestOf = (path: Float64Array, stepDays: number): Float64Array =>
  Float64Array.from({ length: Math.ceil(path.length / stepDays) }, (_, step) =>
    path.subarray(step * stepDays, (step + 1) * stepDays).reduce((most, value) => Math.max(most, value)),
  )

/**
 * What `crossing` sees coming before it reaches the line and after: quantiles of the daily peaks of the same futures, so that both tell
 * of one thing.
 * @param line the one that `crossing` is asked about; without one, as many futures that nothing stops
 */
export function fan(history: History, line: Line | undefined, options: FanOptions = {}): Fan | Refusal {
  const { stepDays = 1 } = options
  const simulated = pathsOf(history, line, options)
  if (simulated.is === 'refused') return simulated
  const { daily, scale, paths } = simulated
  const stepped = paths.map((path) => highestOf(path, stepDays))
  const sorted = Array.from(stepped[0] ?? [], (_, step) =>
    Float64Array.from(stepped, (path) => path[step] as number).sort(),
  )
  const at = (share: number): readonly number[] =>
    sorted.map((values) => scale.back(quantileOf(values, share)))
  const band = (level: Level): Band => ({ lower: at(0.5 - level / 200), upper: at(0.5 + level / 200) })
  const from = daily.from + daily.values.length * dayMs
  return {
    is: 'fan',
    stepDays,
    at: sorted.map((_, step) => from + step * stepDays * dayMs),
    median: at(0.5),
    bands: { 50: band(50), 80: band(80), 95: band(95) },
    past: { from: daily.from, values: [...daily.values] },
  }
}
