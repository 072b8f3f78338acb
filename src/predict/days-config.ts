import { z } from 'zod'
import { weekdays } from '../forecast/index.ts'
import { isRealTime, nameSchema, timeZoneSchema } from '../kernel/index.ts'
import { readRule, ruleExamples } from './plan/days/rule.ts'

const aDate = "expected a date such as '2026-12-25', or several"
const aRule = `expected ${ruleExamples.map((one) => `'${one}'`).join(', ')} or the like`

function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = /^\d{4}-\d\d-\d\d$/.test(text) ? text.split('-').map(Number) : []
  return isRealTime({ year, month, day, hour: 0, minute: 0 })
}
const date = z.string({ error: aDate }).refine(isDate, { error: aDate })

const listed = z
  .object({
    /** Dates where the requests come from. */
    on: z
      .union([date, z.array(date).min(1)], { error: aDate })
      .transform((on): string[] => (typeof on === 'string' ? [on] : on))
      .default([]),
    /** A day of each month, or of the year. */
    every: z
      .string({ error: aRule })
      .refine((text) => readRule(text) !== undefined, { error: aRule })
      .optional(),
    /** A file of the repository in iCalendar's format: the days of all its events. */
    calendar: z.string().min(1).optional(),
    /** Days of one kind are like one another. */
    kind: nameSchema,
    /** The weekday that they are like. */
    like: z.enum(weekdays).optional(),
  })
  .strict()

/** Days that are not like others of their weekday, and where they begin at midnight. */
export const daysConfig = {
  timeZone: timeZoneSchema.default('Etc/UTC'),
  days: z.array(listed).default([]),
}
