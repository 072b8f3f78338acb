import { z } from 'zod'
import { instant } from './common.ts'

/** How forecasts fared over some days. */
const score = z.object({
  days: z.number(),
  /** Compared; an hour counts once for each forecast of it. */
  hours: z.number(),
  /** Forecast, and nobody knows what came. */
  unknown: z.number(),
  /** The share of what came that lay within each band; absent while nothing was compared. */
  coverage: z.object({ 50: z.number(), 80: z.number(), 95: z.number() }).optional(),
  /** Mean absolute errors, in requests a second: of the forecast, and of the same hour of the week before. */
  error: z.number().optional(),
  naiveError: z.number().optional(),
  /** The one over the other; below 1 is better. */
  errorRatio: z.number().optional(),
  /** Absent while too little was compared to tell. */
  isBetterThanNaive: z.boolean().optional(),
})

const warning = z.object({
  kind: z.string(),
  name: z.string(),
  toldAt: instant,
  /** What was told, each time that it moved by a day or more. */
  dates: z.array(z.object({ at: instant, date: instant })),
  ticketAt: instant.optional(),
  cameAt: instant.optional(),
  endedAt: instant.optional(),
  outcome: z.enum(['open', 'came', 'did-not-come']),
  /** From when it was told first, and from its ticket, to when it came. */
  warningDays: z.number().optional(),
  ticketWarningDays: z.number().optional(),
})

/** What was forecast before, and how that fared. Never of history that was brought along later: nobody forecast that. */
export const forecastRecord = z.object({
  since: instant,
  /** In the last 28 days: forecasts, days on which nothing could be said, and days on which nobody looked. */
  forecasts: z.number(),
  refused: z.number(),
  missed: z.number(),
  /** Of the last 28 days. */
  recent: score,
  /** Of all that is kept, 90 days. */
  whole: score,
  warnings: z.array(warning),
  /** Of what did not come. */
  falseTickets: z.number(),
  /** In words: how the bands held, and what was seen coming. */
  text: z.array(z.string()),
})
export type ForecastRecordView = z.infer<typeof forecastRecord>
