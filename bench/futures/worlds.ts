import type { History } from '../../src/forecast/index.ts'
import type { Random } from '../../src/kernel/index.ts'

export const dayMs = 86_400_000
const hourMs = 3_600_000

/** What is going to happen, all of it: a history is the part of it that has been. */
export type World = {
  /** Hours. */
  readonly values: Float64Array
  readonly line: number
  /** Days of history at the first look. */
  readonly known: number
  /** Special days, counted from the first day. */
  readonly deadlines: readonly number[]
  /** Days on which the line ended something, where that shows in no value. */
  readonly ended?: readonly number[]
}

export const historyOf = ({ values }: World, days: number): History => ({
  from: 0,
  stepMs: hourMs,
  values: values.subarray(0, days * 24),
})

/** The first day on which the line is reached; infinite when none is. */
export function truthOf({ values, line, ended }: World, fromDay: number): number {
  if (ended) return ended.find((day) => day >= fromDay) ?? Number.POSITIVE_INFINITY
  for (let hour = fromDay * 24; hour < values.length; hour++)
    if ((values[hour] as number) >= line) return Math.floor(hour / 24)
  return Number.POSITIVE_INFINITY
}

export const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.next()

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}

export type Habits = {
  readonly growth?: readonly [number, number]
  readonly hasDeadlines?: boolean
  readonly hasShift?: boolean
  /** Of the level, a week. */
  readonly wander?: number
  /** The line is so many days of growth away. */
  readonly daysAway?: readonly [number, number]
  /** The line is so many times as high as the peaks of now, for what does not grow. */
  readonly room?: readonly [number, number]
}

const ahead = 200

/** Requests a second of a service that grows: hours, weekdays, noise that lasts, deadlines, a change of level. */
export function requests(random: Random, habits: Habits): World {
  const known = Math.round(between(random, 56, 180))
  const days = known + ahead
  const growth = between(random, ...(habits.growth ?? [0.002, 0.01]))
  const weekend = between(random, 0.4, 1)
  const noise = between(random, 0.03, 0.08)
  const lasting = between(random, 0, 0.6)
  const deadlineOf = between(random, 1.2, 1.8)
  const first = Math.floor(between(random, 0, 28))
  const deadlines = habits.hasDeadlines ? Array.from({ length: 20 }, (_, i) => first + i * 28) : []
  const shiftAt = habits.hasShift ? Math.floor(between(random, 14, known - 10)) : days
  const shift = between(random, 0.2, 0.5) * (random.next() < 0.5 ? -1 : 1)
  let [last, level] = [0, 0]
  const values = new Float64Array(days * 24)
  const usual: number[] = []
  for (let day = 0; day < days; day++) {
    last = lasting * last + Math.sqrt(1 - lasting ** 2) * noise * normal(random)
    if (day % 7 === 0) level += (habits.wander ?? 0) * normal(random)
    const grown = Math.exp(growth * day + level + (day >= shiftAt ? shift : 0))
    const scale =
      grown * (day % 7 >= 5 ? weekend : 1) * (deadlines.includes(day) ? deadlineOf : 1) * Math.exp(last)
    usual.push(grown)
    for (let hour = 0; hour < 24; hour++) {
      const shape = 0.4 + 0.6 * Math.exp(-(((hour - 13) / 4) ** 2))
      values[day * 24 + hour] = 300 * scale * shape * Math.exp(0.02 * normal(random))
    }
  }
  const now = 300 * (usual[known] as number)
  const line = habits.room
    ? now * between(random, ...habits.room)
    : now * Math.exp(growth * between(random, ...(habits.daysAway ?? [20, 90])))
  return { values, line, known, deadlines }
}

export type Filling = {
  readonly cleanUps?: 'none' | 'some' | 'to the ground'
  readonly isFlat?: boolean
}

/** Bytes of a disk, or of a process that leaks: growth, noise, clean-ups of a part or restarts that free all. */
export function filling(random: Random, { cleanUps = 'none', isFlat = false }: Filling): World {
  const known = Math.round(between(random, 21, 120))
  const days = known + ahead
  const growth = isFlat ? 0 : between(random, 0.5, 2)
  const noise = between(random, 0.1, 1.5)
  const every = between(random, 6, 12)
  const share = between(random, 0.3, 0.7)
  const values = new Float64Array(days * 24)
  let [used, sinceDrop, floor] = [40, 0, 40]
  let next = Math.round(every * between(random, 0.5, 1.5))
  const peaks: number[] = []
  for (let day = 0; day < days; day++) {
    if (cleanUps !== 'none' && sinceDrop >= next) {
      used = cleanUps === 'some' ? used - share * (used - floor) : floor
      floor = cleanUps === 'some' ? used : floor
      sinceDrop = 0
      next = Math.round(every * between(random, 0.5, 1.5))
    }
    sinceDrop++
    let peak = 0
    for (let hour = 0; hour < 24; hour++) {
      used += growth / 24
      const value = used + noise * normal(random)
      values[day * 24 + hour] = value
      peak = Math.max(peak, value)
    }
    peaks.push(peak)
  }
  const highest = Math.max(...peaks.slice(0, known))
  const net = cleanUps === 'some' ? growth * (1 - share) : growth
  const line = isFlat
    ? highest + between(random, 3, 20) * noise
    : cleanUps === 'to the ground'
      ? highest + growth * between(random, 0.5, 4)
      : highest + net * between(random, 15, 80)
  return { values, line, known, deadlines: [] }
}
