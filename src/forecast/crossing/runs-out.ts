import { type Random, seededRandom } from '../../kernel/index.ts'
import { dayMs } from '../calendar/day.ts'
import type { History, Refusal } from '../history.ts'
import { median } from '../model/order.ts'
import { fillGaps } from '../prepare/gaps.ts'
import { askedOf, type HowFar } from './asked.ts'
import { drawBlocks } from './blocks.ts'
import {
  type CleanUps,
  cleanUpsOf,
  drawHabit,
  drawMiss,
  drawNext,
  type EndedBy,
  isEndedBy,
} from './clean-ups.ts'
import { dailyPeaks } from './daily.ts'
import { dropsOf, type Stretch, stretchesOf } from './drops.ts'
import { drawLine, type Line, normal } from './line.ts'
import { type Crossing, outcomeOf } from './outcome.ts'
import { aroundSlope, slopeWithin, theilSen } from './slope.ts'

export type RunsOutOptions = HowFar & {
  /**
   * What falls from so high up, as a share of what is full, was ended by it and not cleaned up: a process whose memory is full
   * is killed. A disk is cleaned up there. Undefined: every fall is a clean-up.
   */
  readonly killsFrom?: number
  /**
   * How often in each step it was ended by what is full, as somebody has seen it: from the first that is known on, what fell
   * without any was cleaned up, however full it was.
   */
  readonly kills?: History
  /** What if nobody cleaned up any more. */
  readonly isLeftAlone?: boolean
}

/** When something is full. */
export type RunOut = Crossing & {
  /** It is expected to fall again, as it did. */
  readonly isCleanedUp: boolean
}

const leastDays = 5
const week = 7
/** The level is that of so many days. */
const daysOfLevel = 7
/** How much more unsure a median is than a mean. */
const medianError = 1.25

type Growth = {
  readonly y: Float64Array
  readonly stretches: readonly Stretch[]
  /** What a day adds. */
  readonly slope: number
  readonly noise: Float64Array
  /** Where the last stretch is on the last day, without noise. */
  readonly level: number
  /** How many stretches were ended by what is full. */
  readonly ended: number
  readonly cleanUps: CleanUps | undefined
}

function growthOf(y: Float64Array, ends: EndedBy, isLeftAlone: boolean): Growth {
  const stretches = stretchesOf(y, dropsOf(y))
  const slope = theilSen(y, stretches)
  const noise = aroundSlope(y, stretches, slope)
  const last = stretches.at(-1) as Stretch
  const recent = y.slice(Math.max(last.begin, last.end - daysOfLevel), last.end)
  const level = median(recent.map((value, i) => value + slope * (recent.length - 1 - i)))
  const ended = stretches.slice(0, -1).filter(ends).length
  const cleanUps = isLeftAlone ? undefined : cleanUpsOf(y, stretches, Math.sqrt(variance(noise)), ends)
  return { y, stretches, slope, noise, level, ended, cleanUps }
}

/** The level as it goes on: growing day by day, and falling where a clean-up is drawn. */
function* levels(
  { y, stretches, level, cleanUps }: Growth,
  slope: number,
  random: Random,
): Generator<number> {
  let now = level
  const sinceLast = y.length - (stretches.at(-1) as Stretch).begin
  const habit = cleanUps && drawHabit(cleanUps, random)
  let next = habit ? drawNext(habit, sinceLast, random) : Number.POSITIVE_INFINITY
  const error = cleanUps ? cleanUps.slopeDeviation * normal(random) : 0
  for (let day = 0; ; day++) {
    if (cleanUps && habit && day >= next) {
      now = Math.min(now, cleanUps.floorAt(y.length + day, error) + drawMiss(cleanUps, random))
      next = day + drawNext(habit, 0, random)
    } else now += slope
    yield now
  }
}

function fillOnce(growth: Growth, line: number, horizonDays: number, random: Random): number | undefined {
  const { noise, stretches, slope } = growth
  const drawn = new Float64Array(noise.length)
  drawBlocks(noise, week, random, drawn)
  const misses = new Float64Array(horizonDays)
  drawBlocks(noise, week, random, misses)
  const levelError = normal(random) * medianError * Math.sqrt(variance(noise) / daysOfLevel)
  let day = 0
  for (const level of levels(growth, slope + slopeWithin(drawn, stretches), random)) {
    if (day >= horizonDays) return undefined
    if (level + levelError + (misses[day] as number) >= line) return day
    day++
  }
  return undefined
}

const variance = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value ** 2, 0) / values.length

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`)

/** Days between falls that go on; none where what is full has ended each. */
const gapsSeen = ({ cleanUps }: Growth): readonly number[] => cleanUps?.gaps.filter(Number.isFinite) ?? []

/** How far apart the falls were, when they go on. */
function goesOnText(gaps: readonly number[]): string {
  if (gaps.length === 0) return ', which is not counted on'
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  return `, ${Number(mean.toPrecision(2))} days apart on average and ${Math.max(...gaps)} at the most, and will go on to`
}

function fellText(growth: Growth): readonly string[] {
  const { stretches, ended } = growth
  const falls = stretches.length - 1
  if (falls === 0) return []
  const how = ended === falls ? ', each time' : `, ${times(ended)}`
  return [
    `fell ${times(falls)}${ended === 0 ? '' : `${how} since it was full`}${goesOnText(gapsSeen(growth))}`,
  ]
}

const whyOf = (growth: Growth): string =>
  [`grows by ${growth.slope.toPrecision(3)} a day over ${growth.y.length} days`, ...fellText(growth)].join(
    '; ',
  )

/** By what somebody has seen, and before that by how full it was. */
function endsOf(
  y: Float64Array,
  from: number,
  value: number,
  { kills, killsFrom = Number.POSITIVE_INFINITY }: RunsOutOptions,
): EndedBy {
  const guessed: EndedBy = (one) => isEndedBy(y, one, killsFrom * value)
  if (!kills) return guessed
  const counts = Array.from(kills.values)
  const known = counts.findIndex((count) => !Number.isNaN(count))
  const since = known < 0 ? Number.POSITIVE_INFINITY : kills.from + known * kills.stepMs
  const seen = counts.flatMap((count, i) => (count > 0 ? [kills.from + i * kills.stepMs] : []))
  return (one) => {
    // On the last day before it fell, or on the one on which it did.
    const [first, last] = [from + (one.end - 1) * dayMs, from + (one.end + 1) * dayMs]
    return first < since ? guessed(one) : seen.some((at) => at >= first && at < last)
  }
}

/**
 * When what only grows, such as a disk, memory that leaks, open files or spent budget, is full: the robust slope of its daily peaks
 * between clean-ups; futures are simulated with slope, level and noise drawn anew. Where it was cleaned up at least twice, it will be again.
 * @param history in steps that fill a day
 * @param full in the history's units
 */
export function runsOut(history: History, full: Line, options: RunsOutOptions = {}): RunOut | Refusal {
  const asked = askedOf(full, options)
  if (asked.is === 'refused') return asked
  const { horizonDays, dayBeginsMs, futures, seed } = asked
  const daily = dailyPeaks(history, leastDays, dayBeginsMs)
  if (daily.is === 'refused') return daily
  const { isLeftAlone = false } = options
  const value = typeof full === 'number' ? full : full.value
  const y = fillGaps(daily.values, 0)
  const growth = growthOf(y, endsOf(y, daily.from, value, options), isLeftAlone)
  const random = seededRandom(seed)
  const found = Array.from({ length: futures }, () =>
    fillOnce(growth, drawLine(full, random), horizonDays, random),
  )
  const outcome = outcomeOf(
    found.flatMap((day) => day ?? []),
    { futures, from: daily.from + daily.values.length * dayMs, horizonDays, why: whyOf(growth) },
  )
  return { ...outcome, isCleanedUp: gapsSeen(growth).length > 0 }
}
