import { z } from 'zod'
import { instanceSizeSchema, instanceUseSchema, limitsSchema } from '../kernel/index.ts'
import { instant, schemaVersion } from './common.ts'

const rate = z.number()

/** Null: nobody has found how much. */
const range = z.object({ low: rate, at: rate, high: rate.nullable() })

const chance = z.number()

/** When something is reached: by half of the futures before `date`, by 80 % between `early` and `late`; absent where that is beyond the horizon. */
export const reached = z.object({
  date: instant.optional(),
  early: instant.optional(),
  late: instant.optional(),
  /** Probability within so many days. */
  within: z.object({ 7: chance, 30: chance, 90: chance }),
  horizonDays: z.number(),
})

/** What is to come of an environment's headroom. */
export const headroomAhead = z.object({
  is: z.enum(['over', 'crosses', 'stays', 'unknown']),
  /** Needs its subject: `crosses its load line about 12 March (80 %: 3 – 28 March); keeps 20 % of it until about 3 February` */
  text: z.string(),
  /** The probabilities in words. */
  chances: z.string().optional(),
  /** By what that is known. */
  found: z.array(z.string()),
  /** Whether it is as likely as not that the line is crossed within `leadDays`. */
  isSoon: z.boolean(),
  leadDays: z.number(),
  /** Whose days its dates are. */
  timeZone: z.string(),
  /** Of a line of which nobody has found the end only a bound is known. */
  limit: z.enum(['exact', 'atLeast', 'atMost']).optional(),
  crossing: reached.optional(),
  /** When less than `below` of the line is left. */
  keeps: reached.optional(),
  /** What would leave enough again through the lead time, the cheapest first; empty, or absent, where enough is left. */
  restores: z
    .array(
      z.object({
        /** `untold`: what to measure first; `beyond`: it does not do. */
        is: z.enum(['instances', 'size', 'untold', 'beyond']),
        text: z.string(),
        next: z.string().optional(),
        /** In all, and of those so many more than now. */
        instances: z.number().optional(),
        more: z.number().optional(),
        /** Of each instance: that restores it, or that is to be measured. */
        size: limitsSchema.optional(),
        /** Of what is more. */
        cost: z.object({ amount: z.number(), currency: z.string(), per: z.string() }).optional(),
        keeps: reached.optional(),
      }),
    )
    .optional(),
  next: z.string().optional(),
})
export type HeadroomAhead = z.infer<typeof headroomAhead>

export const environmentHeadroom = z.object({
  service: z.string(),
  environment: z.string(),
  /** Whether the busiest hour leaves at least `below` of the load line. */
  is: z.enum(['enough', 'short', 'unknown']),
  /** `peaked at 61 % (59 – 64 %) of its load line on Friday 27 November 12:00 (UTC): 251/s of 412/s` */
  text: z.string(),
  /** Where the line was measured, and how much of the load is known. */
  found: z.array(z.string()),
  /** Why it is short or unknown, and what to do. */
  reasons: z.array(z.object({ text: z.string(), next: z.string().optional() })),
  /** Share of the load line that is to be left: that of the gate, where there is one. */
  below: z.number(),
  /** What runs, by its short name; absent while nothing does. */
  release: z.string().optional(),
  instances: z.number(),
  /** Whole hours of which something is known, of those of the last 28 days. */
  knownHours: z.number(),
  soughtHours: z.number(),
  busiest: z.object({ from: instant, ratePerSecond: rate }).optional(),
  /** Requests a second that all instances together carry. */
  line: range
    .extend({
      how: z.string(),
      measured: z.array(
        z.object({
          environment: z.string(),
          instances: z.number(),
          at: instant,
          /** What each instance could use, as it really was; absent: not known. */
          size: instanceSizeSchema.optional(),
          /** How near its limits one came: 0.96 of its CPU. */
          used: instanceUseSchema.optional(),
        }),
      ),
    })
    .optional(),
  /** The busiest hour as a share of the line. */
  used: range.optional(),
  /** What is to come; absent while nothing runs. */
  ahead: headroomAhead.optional(),
  /** The same under what somebody asked to have assumed. */
  whatIf: z
    .object({
      /** In words that follow `if`: `there is one instance less`. */
      assumed: z.array(z.string()),
      /** How near the busiest hour would have come. */
      text: z.string(),
      ahead: headroomAhead,
    })
    .optional(),
})
export type EnvironmentHeadroom = z.infer<typeof environmentHeadroom>

/** GET /api/headroom: how far the load of each environment stays below what runs there carries, and for how long. */
export const headroomView = z.object({
  schemaVersion,
  at: instant,
  environments: z.array(environmentHeadroom),
})
export type HeadroomView = z.infer<typeof headroomView>
