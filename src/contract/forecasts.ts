import { z } from 'zod'
import { instant, schemaVersion } from './common.ts'
import { forecastRecord } from './forecast-record.ts'

const band = z.object({ lower: z.array(z.number()), upper: z.array(z.number()) })

const refusal = z.object({ is: z.literal('refused'), because: z.string(), why: z.string() })

/** Requests a second that are to come; the arrays have a number for each of `at`, when a step begins. */
const forecastAnswer = z.object({
  is: z.literal('forecast'),
  stepMs: z.number(),
  at: z.array(instant),
  median: z.array(z.number()),
  bands: z.object({ 50: band, 80: band, 95: band }),
  method: z.string(),
  why: z.string(),
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
  forecast: z.discriminatedUnion('is', [forecastAnswer, refusal]),
  /** When it was asked for. */
  backtest: z.discriminatedUnion('is', [backtestAnswer, refusal]).optional(),
  /** Absent before the first forecast that was kept. */
  record: forecastRecord.optional(),
})
export type PlaceForecast = z.infer<typeof placeForecast>

export const forecastsView = z.object({ schemaVersion, at: instant, places: z.array(placeForecast) })
export type ForecastsView = z.infer<typeof forecastsView>
