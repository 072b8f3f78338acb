import { z } from 'zod'
import { instant, schemaVersion } from './common.ts'

const rate = z.number()

/** Null: nobody has found how much. */
const range = z.object({ low: rate, at: rate, high: rate.nullable() })

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
      measured: z.array(z.object({ environment: z.string(), instances: z.number(), at: instant })),
    })
    .optional(),
  /** The busiest hour as a share of the line. */
  used: range.optional(),
})
export type EnvironmentHeadroom = z.infer<typeof environmentHeadroom>

/** GET /api/headroom: how far the load of each environment stays below what runs there carries. */
export const headroomView = z.object({
  schemaVersion,
  at: instant,
  environments: z.array(environmentHeadroom),
})
export type HeadroomView = z.infer<typeof headroomView>
