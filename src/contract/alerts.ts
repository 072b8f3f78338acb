import { z } from 'zod'
import { instant, schemaVersion } from './common.ts'
import { firingAlert } from './slos.ts'

/** An alert that fires, and why nobody is told of it when nobody is. */
export const alertRow = firingAlert.extend({
  service: z.string(),
  environment: z.string(),
  /** Names of the notifiers that were told. */
  toldTo: z.array(z.string()).optional(),
  /** "ada keeps it silent: INC-12", "a page of the same SLO says it already". */
  quiet: z.string().optional(),
})
export type AlertRow = z.infer<typeof alertRow>

export const silenceView = z.object({
  id: z.string(),
  service: z.string(),
  /** What is not named is any. */
  environment: z.string().optional(),
  slo: z.string().optional(),
  severity: z.string().optional(),
  owner: z.string(),
  reason: z.string(),
  /** Who made it. */
  by: z.string(),
  since: instant,
  /** Absent: as long as what it keeps quiet fires. */
  until: instant.optional(),
  /** Whose clocks its team reads. */
  timeZone: z.string(),
  /** So many alerts that fire. */
  quiets: z.number(),
})
export type SilenceView = z.infer<typeof silenceView>

/** GET /api/alerts: what fires, pages first, and what is kept quiet. */
export const alertsView = z.object({
  schemaVersion,
  at: instant,
  alerts: z.array(alertRow),
  silences: z.array(silenceView),
  /** Where something is promised. */
  places: z.array(
    z.object({ service: z.string(), environments: z.array(z.string()), slos: z.array(z.string()) }),
  ),
})
export type AlertsView = z.infer<typeof alertsView>

/** Somebody who was told, or is to be. */
export const receiver = z.object({
  name: z.string(),
  kind: z.string(),
  is: z.enum(['told', 'waiting', 'givenUp']),
  /** When he was told, or it was given up. */
  at: instant.optional(),
  tries: z.number(),
  /** Why not, or not entirely. */
  because: z.string().optional(),
})
export type Receiver = z.infer<typeof receiver>

export const toldView = z.object({
  id: z.string(),
  at: instant,
  service: z.string(),
  /** Whose clocks its team reads. */
  timeZone: z.string(),
  environments: z.array(z.string()),
  type: z.enum(['alert.page', 'alert.ticket', 'alert.resolved']),
  text: z.string(),
  /** Nobody: there is no notifier that wants to hear of such. */
  receivers: z.array(receiver),
})
export type ToldView = z.infer<typeof toldView>

/** GET /api/alerts/history: who was told what and when, newest first. */
export const alertHistory = z.object({ schemaVersion, at: instant, told: z.array(toldView) })
export type AlertHistory = z.infer<typeof alertHistory>

/** POST /api/services/:service/silences. What is missing or wrong is told all at once. */
export const silenceRequest = z.object({
  environment: z.string().optional(),
  slo: z.string().optional(),
  severity: z.string().optional(),
  /** Whoever asks when not given. */
  owner: z.string().optional(),
  /** Required. */
  reason: z.string().optional(),
  /** One of these three is required. */
  forMs: z.number().optional(),
  until: instant.optional(),
  untilResolved: z.boolean().optional(),
})
export type SilenceRequest = z.infer<typeof silenceRequest>

export const silenceAnswer = z.object({ schemaVersion, silence: silenceView })
