import { z } from 'zod'
import { instant, schemaVersion } from './common.ts'

export const sloState = z.object({
  name: z.string(),
  objective: z.number(),
  /** Days over which it is promised. */
  days: z.number(),
  /** Share of the error budget that is left; negative when overspent. Absent: nothing is known. */
  left: z.number().optional(),
  /** Times as fast as evenly: over the period as far as it is known, and over the last hour. */
  evenBurn: z.number().optional(),
  burnNow: z.number().optional(),
  /** When nothing is left if it goes on as in the last hour. */
  endsAt: instant.optional(),
  /** Share of the period of which anything is known. */
  coverage: z.number(),
  /** Why nothing can be said. */
  because: z.string().optional(),
})
export type SloState = z.infer<typeof sloState>

export const firingAlert = z.object({
  slo: z.string(),
  window: z.string(),
  severity: z.enum(['page', 'ticket']),
  text: z.string(),
  next: z.string(),
  changes: z.array(z.string()),
  /** By what it is known, where it is seen coming. */
  evidence: z.array(z.string()).optional(),
  /** Who sees to it, where somebody was named. */
  owner: z.string().optional(),
  firedAt: instant,
  healthyAt: instant.optional(),
  /** When somebody was told. */
  toldAt: instant.optional(),
})
export type FiringAlert = z.infer<typeof firingAlert>

/** What was not seen here, but brought along, by whom; `until` is of its last number. */
export const backFilledView = z.object({ from: instant, until: instant, by: z.string() })
export type BackFilledView = z.infer<typeof backFilledView>

export const environmentSlos = z.object({
  service: z.string(),
  environment: z.string(),
  /** Whose clocks its team reads. */
  timeZone: z.string(),
  /** When it reaches into a period over which something is promised. */
  backFilled: backFilledView.optional(),
  slos: z.array(sloState),
  alerts: z.array(firingAlert),
})
export type EnvironmentSlos = z.infer<typeof environmentSlos>

/** GET /api/slos: what is left of each error budget, and which alerts fire. */
export const slosView = z.object({ schemaVersion, at: instant, environments: z.array(environmentSlos) })
export type SlosView = z.infer<typeof slosView>

/** POST /api/services/:service/environments/:environment/history: series as VictoriaMetrics exports them. */
export const historyRequest = z.object({
  series: z.array(
    z.object({
      metric: z.record(z.string(), z.string()),
      values: z.array(z.number()),
      timestamps: z.array(z.int().nonnegative()),
    }),
  ),
})
export type HistoryRequest = z.infer<typeof historyRequest>

export const historyAnswer = z.object({ schemaVersion, from: instant, until: instant, taken: z.number() })
