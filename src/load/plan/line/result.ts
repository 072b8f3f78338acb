import { z } from 'zod'
import { lineRung, scalability } from './scalability.ts'
import { lineTrial } from './trial.ts'

const rate = z.number().nonnegative()

/** What stood in the way of more, in one sentence with its numbers. Thread: one that was always busy, an event loop. */
export const lineLimit = z.object({
  by: z.enum(['cpu', 'thread', 'errors', 'latency', 'generator']),
  text: z.string(),
})
export type LineLimit = z.infer<typeof lineLimit>

/** One rate of the latency curve, ascending; trials at the same rate are taken together. Durations in milliseconds. */
export const linePoint = z.object({
  ratePerSecond: rate,
  p50Ms: rate,
  p95Ms: rate,
  p99Ms: rate,
  badShare: z.number(),
  answeredPerSecond: rate,
})
export type LinePoint = z.infer<typeof linePoint>

/** What a search for the load line found. All rates per second, all durations in milliseconds. */
export const lineResult = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('load-line'),
  /** found: with its interval. atLeast: nothing failed up to the cap. below: the least rate failed. */
  verdict: z.enum(['found', 'atLeast', 'below', 'inconclusive']),
  /** Why it is inconclusive; otherwise empty. */
  reasons: z.array(z.string()),
  goal: z.object({ quantile: z.number(), belowMs: z.number() }),
  /** The line; the cap when `atLeast`, the least rate when `below`, the highest rate that passed (or null) otherwise. */
  ratePerSecond: rate.nullable(),
  /** 95 %. */
  interval: z.object({ low: rate, high: rate }).nullable(),
  /** Half of the interval over the line. */
  halfWidthShare: rate.nullable(),
  /** The highest rate that held for the length of a confirmation. */
  confirmedPerSecond: rate.nullable(),
  limitedBy: lineLimit.nullable(),
  curve: z.array(linePoint),
  ladder: z.array(lineRung),
  scalability: z.union([scalability, z.object({ because: z.string() })]),
  trials: z.array(lineTrial),
  voided: z.array(
    z.object({ phase: z.string(), ratePerSecond: rate.nullable(), reasons: z.array(z.string()) }),
  ),
  flags: z.array(z.string()),
  tookMs: rate,
})
export type LineResult = z.infer<typeof lineResult>
