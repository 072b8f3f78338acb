import { z } from 'zod'
import { durationSchema as duration, nameSchema } from '../../kernel/index.ts'
import { isSchedule, isTimeZone } from './schedule.ts'

const aSchedule = "expected five fields of cron, such as '30 2 * * *'"
const aZone = "expected a time zone such as 'Europe/London'"
const oneOfTwo = "expected either every, such as '1h', or schedule, such as '30 2 * * *'"

const shortestMs = 10_000
const every = duration.refine((ms) => ms >= shortestMs, 'expected at least 10s')

/** A job that says when it runs: what stays away too long, fails or runs too long is no secret. */
const heartbeat = z
  .object({
    name: nameSchema,
    /** Environments in which it runs; those that no other comes after, and those elsewhere, when not given. */
    in: z
      .union([nameSchema, z.array(nameSchema).min(1)])
      .transform((all) => (typeof all === 'string' ? [all] : all))
      .optional(),
    /** So long after it ran last it runs again; instead of `schedule`. */
    every: every.optional(),
    /** When it runs, as cron says it; instead of `every`. */
    schedule: z.string({ error: aSchedule }).refine(isSchedule, { error: aSchedule }).optional(),
    /** Whose clock the schedule means. */
    timeZone: z.string({ error: aZone }).refine(isTimeZone, { error: aZone }).default('UTC'),
    /** So much later than expected it may begin, or end when it does not tell that it begins. */
    grace: duration.default(300_000),
    /** It may run for so long; for as long as it likes when not given. */
    longest: every.optional(),
    /** Who is told when it is late, fails or is stuck: somebody now, somebody this week, or nobody. */
    alert: z.enum(['page', 'ticket', 'none']).default('ticket'),
  })
  .strict()
  .refine(({ every, schedule }) => (every === undefined) !== (schedule === undefined), {
    error: oneOfTwo,
    path: ['every'],
  })

/** Jobs that tell when they run. That names differ is checked across all of them. */
export const heartbeatsConfig = z.array(heartbeat).max(100)

export type HeartbeatConfig = z.output<typeof heartbeat>
