import { z } from 'zod'
import { instant, schemaVersion } from './common.ts'

/** So much of what a job says is kept, from its end. */
export const longestMessage = 2_000

/** POST /api/heartbeats/:name: what a job says; each of them may stand in the query, too. */
export const heartbeatRequest = z.object({
  /** Of whom the job is; may be left out where only one has a job of this name. */
  service: z.string().optional(),
  environment: z.string().optional(),
  is: z.enum(['start', 'success', 'failure']).optional(),
  /** When it happened, in milliseconds since the epoch; now, when not given. */
  at: z.coerce.number().optional(),
  /** The same for the beginning and the end of one run. */
  run: z.string().min(1).max(100).optional(),
  exitCode: z.coerce.number().int().optional(),
  message: z.string().max(1_000_000).optional(),
})
export type HeartbeatRequest = z.infer<typeof heartbeatRequest>

/** How a job stands that tells when it runs. */
export const heartbeatHealth = z.object({
  name: z.string(),
  is: z.enum(['waiting', 'ok', 'running', 'failed', 'late', 'stuck', 'unknown']),
  because: z.string(),
  /** Since when it stands so. */
  since: instant,
  succeededAt: instant.optional(),
  /** Of the last run that ended, where its beginning was told. */
  durationSeconds: z.number().optional(),
  exitCode: z.number().optional(),
  /** The end of what the last run said. */
  message: z.string().optional(),
})
export type HeartbeatHealth = z.infer<typeof heartbeatHealth>

export const heartbeatAnswer = z.object({
  schemaVersion,
  service: z.string(),
  environment: z.string(),
  name: z.string(),
})
