import { z } from 'zod'
import { givenReason, instant, reasonView, releaseName, schemaVersion, standing } from './common.ts'

const share = z.number().gt(0).lt(1)

/** What somebody wants of a squeeze, within what the configuration allows. */
export const squeezeWish = z.object({
  /** Requests a second: enough is known once the instance has carried so many. */
  to: z.number().positive().optional(),
  /** Shares of the requests, in ascending order. */
  stages: z.array(share).min(1).max(20).optional(),
  maxShare: share.optional(),
})

/** POST /api/services/:service/environments/:environment/squeezes */
export const squeezeRequest = squeezeWish.extend({
  /** The same name twice is one. */
  name: z.string().min(1).max(100),
  reason: givenReason.optional(),
})

export const squeezeAnswer = z.object({ schemaVersion, squeeze: z.string() })

/** POST /api/services/:service/environments/:environment/squeezes/plan: what one would be now. Nothing is changed. */
export const squeezePlan = z.object({
  schemaVersion,
  service: z.string(),
  environment: z.string(),
  release: releaseName.optional(),
  instances: z.number(),
  /** Of the requests, for one instance: an even share first. */
  shares: z.array(z.number()),
  toPerSecond: z.number().optional(),
  watchMs: z.number(),
  atMostMs: z.number(),
  /** What is promised there, in words: "99 % within 250 ms". */
  promises: z.array(z.string()),
  /** All that speaks against it now; empty: it may begin. */
  reasons: z.array(reasonView),
})
export type SqueezePlan = z.infer<typeof squeezePlan>

const stageView = z.object({
  share: z.number(),
  /** Sent to the instance, and to each of the others on average. */
  ratePerSecond: z.number(),
  othersPerSecond: z.number(),
  requests: z.number(),
  watchedMs: z.number(),
  is: z.enum(['passed', 'failed']),
  text: z.string(),
})

/** What one instance carried. `found`: the end lies within the interval; `atLeast`: it was not reached; `below`: even less. */
export const squeezeFound = z.object({
  verdict: z.enum(['found', 'atLeast', 'below']),
  ratePerSecond: z.number(),
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
})

/** GET /api/squeezes/:id */
export const squeezeView = z.object({
  schemaVersion,
  id: z.string(),
  service: z.string(),
  environment: z.string(),
  standing,
  /** `restoring`: requests are being split evenly again. */
  phase: z.enum(['waiting', 'squeezing', 'restoring', 'ended']),
  /** One sentence: "one instance carries 210/s, and less than 260/s: with 60 % of the requests: …". */
  text: z.string(),
  reasons: z.array(reasonView),
  actor: z.string(),
  reason: z.string(),
  release: releaseName.optional(),
  instances: z.number().optional(),
  toPerSecond: z.number().optional(),
  stages: z.array(stageView),
  found: squeezeFound.optional(),
  requestedAt: instant,
  startedAt: instant.optional(),
  endedAt: instant.optional(),
})
export type SqueezeView = z.infer<typeof squeezeView>
