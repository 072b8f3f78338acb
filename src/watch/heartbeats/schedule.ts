import { Cron } from 'croner'
import type { Instant } from '../../kernel/index.ts'

/** Whether a text is a schedule of cron that ever comes. */
export function isSchedule(text: string): boolean {
  try {
    // Croner reads dates and seconds, too; cron has neither.
    return text.trim().split(/\s+/).length === 5 && new Cron(text, { paused: true }).nextRun() !== null
  } catch {
    return false
  }
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

/** When a job is expected. */
export type Schedule = {
  /** The same text, the same schedule. */
  readonly text: string
  /** The first time after a run, or after another expected time, at which it is expected. */
  readonly next: (after: Instant) => Instant
}

/** Clocks differ: a job that runs so long before its time runs in time, or a quarter of its period where that is less. */
const earlyMs = 60_000

type Said = {
  readonly every?: number | undefined
  readonly schedule?: string | undefined
  readonly timeZone: string
}

/** When a job is expected, by what the configuration says. */
export function scheduleOf({ every = 0, schedule, timeZone }: Said): Schedule {
  if (schedule === undefined) return { text: `every ${every}`, next: (after) => after + every }
  const cron = new Cron(schedule, { paused: true, timezone: timeZone })
  const tick = (after: Instant): Instant =>
    cron.nextRun(new Date(after))?.getTime() ?? Number.POSITIVE_INFINITY
  return {
    text: `${schedule} ${timeZone}`,
    next(after) {
      const first = tick(after)
      const second = tick(first)
      return first - after < Math.min(earlyMs, (second - first) / 4) ? second : first
    },
  }
}
