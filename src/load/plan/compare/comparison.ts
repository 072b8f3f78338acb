import { z } from 'zod'
import { compareOptions } from './options.ts'

const verdict = z.enum(['pass', 'fail', 'inconclusive'])

const reason = z.object({
  text: z.string(),
  numbers: z.record(z.string(), z.number()).optional(),
  next: z.string().optional(),
})

/** How a figure of the change compares with the base's. Shares: −0.06 is 6 % less. */
const effect = z.object({
  metric: z.enum(['carries', 'p50', 'p99', 'cpu', 'memory']),
  /** Rounds in which both sides had the figure. */
  rounds: z.int().nonnegative(),
  /** Medians over the rounds, in the figure's own unit; null without rounds. */
  base: z.number().nullable(),
  change: z.number().nullable(),
  estimate: z.number().nullable(),
  /** 95 % from both sides; null when the rounds are too few for that. */
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  /** Two-sided, of no difference. */
  p: z.number(),
  /** What the change may be worse by; null when the figure is shown and not judged. */
  margin: z.number().nullable(),
  verdict: verdict.nullable(),
})

const look = z.object({
  rounds: z.int().nonnegative(),
  /** How far the comparison was thought to be, 1 at its end. */
  share: z.number(),
  /** The p at which this look lets pass, and at which it fails: what is left of 5 % and 2.5 % over all looks. */
  passLevel: z.number(),
  failLevel: z.number(),
  found: verdict,
})

/** What the comparison of two releases found: evidence. */
export const comparison = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('load-comparison'),
  verdict,
  reasons: z.array(reason),
  primary: effect,
  secondary: z.array(effect.extend({ pCorrected: z.number() })),
  /** The smallest difference of the primary figure that this run would have told from none, as a share. */
  smallestEffect: z.number().nullable(),
  rounds: z.object({
    used: z.int().nonnegative(),
    voided: z.array(z.object({ round: z.int().positive(), because: z.string() })),
  }),
  looks: z.array(look),
  ended: z.enum(['decided', 'all rounds', 'budget', 'voided rounds']),
  elapsedMs: z.number().nonnegative(),
  options: compareOptions,
})

export type Comparison = z.output<typeof comparison>
export type Effect = z.output<typeof effect>
export type SecondaryEffect = Comparison['secondary'][number]
export type LookFound = z.output<typeof look>
export type Ended = Comparison['ended']
