import type { Random } from '../../src/kernel/index.ts'
import { between, dayMs, normal, type World } from './worlds.ts'

const hoursOfDay = dayMs / 3_600_000
const ahead = 200

export type Leak = {
  /** Days between deployments, each of which gives it all back; never when not given. */
  readonly every?: readonly [number, number]
  /** Full after so many times that. */
  readonly room: readonly [number, number]
  /** Deployments end some days before the first look, as in a freeze. */
  readonly pauses?: boolean
}

/** Percent of a limit that a process fills ever more of; what reaches it is killed and begins anew. */
export function leak(random: Random, { every = [4, 12], room, pauses = false }: Leak): World {
  const known = Math.round(between(random, 40, 120))
  const days = known + ahead
  const usual = between(random, ...every)
  const fullAfter = usual * between(random, ...room)
  const floor = between(random, 20, 50)
  const growth = (100 - floor) / fullAfter
  const noise = between(random, 0.2, 1.5)
  const stopsAt = pauses ? known - Math.round(between(random, 0, usual)) : days
  const values = new Float64Array(days * hoursOfDay)
  const ended: number[] = []
  const gap = () => Math.max(1, Math.round(usual * between(random, 0.5, 1.5)))
  let [used, next] = [floor + (100 - floor) * 0.3 * random.next(), gap()]
  for (let day = 0; day < days; day++) {
    if (day >= next) {
      if (day < stopsAt) used = floor
      next = day + gap()
    }
    for (let hour = 0; hour < hoursOfDay; hour++) {
      used += growth / hoursOfDay
      const value = used + noise * normal(random)
      // It is seen each some seconds, and killed in between.
      values[day * hoursOfDay + hour] = Math.min(value, 99.9 - random.next())
      if (value < 100) continue
      if (ended.at(-1) !== day) ended.push(day)
      used = floor
    }
  }
  return { values, line: 100, known, deadlines: [], ended }
}
