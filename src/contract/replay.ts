import { z } from 'zod'
import { instant, schemaVersion } from './common.ts'

/** POST /api/services/:service/slos/replay: objectives as `plimsoll config --json` has them, and where they hold. */
export const replayRequest = z.object({
  days: z.number().int().min(1).max(35),
  promises: z.array(z.object({ environment: z.string(), slo: z.looseObject({ name: z.string() }) })).max(100),
})
export type ReplayRequest = z.infer<typeof replayRequest>

const replayedAlert = z.object({
  severity: z.enum(['page', 'ticket']),
  /** `1h`: over which it burned. */
  window: z.string(),
  from: instant,
  /** Absent: it still fires. */
  until: instant.optional(),
  /** The fastest that its long window burned meanwhile, in times as fast as evenly. */
  worstBurn: z.number(),
})
export type ReplayedAlert = z.infer<typeof replayedAlert>

const replayedObjective = z.object({
  objective: z.number(),
  days: z.number(),
  alerts: z.array(replayedAlert),
  /** Share of the error budget at the end, and when it was least. */
  left: z.number().optional(),
  least: z.object({ at: instant, left: z.number() }).optional(),
  /** Why it could not be replayed. */
  because: z.string().optional(),
})
export type ReplayedObjective = z.infer<typeof replayedObjective>

const gap = z.object({ from: instant, to: instant })

const replayedSlo = z.object({
  environment: z.string(),
  name: z.string(),
  is: z.enum(['new', 'changed', 'same', 'gone']),
  /** As it would be, and as it is in force. */
  proposed: replayedObjective.optional(),
  inForce: replayedObjective.optional(),
  /** Share of the time of which anything is known; where nothing is, the longest first. */
  known: z.number(),
  gaps: z.array(gap),
})
export type ReplayedSlo = z.infer<typeof replayedSlo>

export const replayView = z.object({
  schemaVersion,
  service: z.string(),
  from: instant,
  to: instant,
  slos: z.array(replayedSlo),
})
export type ReplayView = z.infer<typeof replayView>
