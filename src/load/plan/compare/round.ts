import { z } from 'zod'

export type Side = 'base' | 'change'

const positive = z.number().positive()

/** What one side showed in one round. What could not be measured is left out. */
export const roundFigures = z.object({
  /** The primary figure: how many requests a second it carried within its objective. */
  carriesPerSecond: positive,
  p50Ms: positive.optional(),
  p99Ms: positive.optional(),
  cpuMicrosPerRequest: positive.optional(),
  peakMemoryBytes: positive.optional(),
})

/** Both sides, started afresh and loaded in turn in one session. */
export const round = z.object({
  order: z.enum(['base first', 'change first']),
  base: roundFigures,
  change: roundFigures,
  /** Why it does not count: time stolen from the machine, a saturated generator. */
  void: z.string().optional(),
})

export type RoundFigures = z.output<typeof roundFigures>
export type Round = z.output<typeof round>
