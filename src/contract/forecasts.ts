import { z } from 'zod'
import { instant, schemaVersion } from './common.ts'
import { forecastRecord } from './forecast-record.ts'
import { reached } from './headroom.ts'
import { backFilledView } from './slos.ts'

const band = z.object({ lower: z.array(z.number()), upper: z.array(z.number()) })

const refusal = z.object({ is: z.literal('refused'), because: z.string(), why: z.string() })

/** Numbers of steps that follow each other; null: not known. */
const past = z.object({ from: instant, stepMs: z.number(), values: z.array(z.number().nullable()) })

/** Requests a second that are to come; the arrays have a number for each of `at`, when a step begins. */
const ahead = z.object({
  stepMs: z.number(),
  at: z.array(instant),
  median: z.array(z.number()),
  bands: z.object({ 50: band, 80: band, 95: band }),
})

const forecastAnswer = ahead.extend({
  is: z.literal('forecast'),
  method: z.string(),
  why: z.string(),
})

/**
 * The peak of each week to come: quantiles of the futures by which it is told when the load line is crossed. `past` are the peaks of
 * the days before.
 */
const peaksAnswer = ahead.extend({
  is: z.literal('peaks'),
  past,
  /** What a peak is the mean of, as far as it is known how busy parts of an hour are. */
  of: z.enum(['hour', 'fiveMinutes']),
})

/** How forecasts of the past fared. */
const backtestAnswer = z.object({
  is: z.literal('backtest'),
  origins: z.number(),
  points: z.number(),
  error: z.number(),
  naiveError: z.number(),
  smape: z.number(),
  coverage: z.object({ 50: z.number(), 80: z.number(), 95: z.number() }),
  isBetterThanNaive: z.boolean(),
  why: z.string(),
})

export const placeForecast = z.object({
  service: z.string(),
  environment: z.string(),
  /** Whose days and hours are told; times themselves are instants. */
  timeZone: z.string(),
  /** The hours before. */
  past,
  forecast: z.discriminatedUnion('is', [forecastAnswer, refusal]),
  peaks: z.discriminatedUnion('is', [peaksAnswer, refusal]),
  /** What all instances together carry; null: nobody has found how much at most. */
  line: z.object({ low: z.number(), at: z.number(), high: z.number().nullable() }).optional(),
  /** When the load line is crossed. */
  crossing: reached.optional(),
  /** In words that follow the environment's name: when it crosses its load line, or why nobody can tell. */
  text: z.string(),
  /** How likely that is soon, in words. */
  chances: z.string().optional(),
  /** By what that is known. */
  found: z.array(z.string()),
  next: z.string().optional(),
  /** Days that are not like others, past and to come. */
  days: z.array(z.object({ at: instant, kind: z.string() })),
  /** What of its past was not seen here. */
  backFilled: backFilledView.optional(),
  /** When it was asked for. */
  backtest: z
    .discriminatedUnion('is', [backtestAnswer, refusal.extend({ code: z.string(), next: z.string() })])
    .optional(),
  /** Absent before the first forecast that was kept. */
  record: forecastRecord.optional(),
})
export type PlaceForecast = z.infer<typeof placeForecast>

/** GET /api/forecasts: the requests to come of each environment, and when they are more than it carries. */
export const forecastsView = z.object({ schemaVersion, at: instant, places: z.array(placeForecast) })
export type ForecastsView = z.infer<typeof forecastsView>
