import { z } from 'zod'
import { action, givenReason, instant, reasonView, releaseName, schemaVersion, standing } from './common.ts'

const share = z.number().gt(0).lt(1)

const shares = z.array(share).min(1).max(20)
/** The number of an instance: FLEET/NUMBER. */
const instanceNumber = z.number().int().nonnegative()

/** What somebody wants of a squeeze, within what the configuration allows. */
export const squeezeWish = z.object({
  /** Requests a second: enough is known once the instance has carried so many. */
  to: z.number().positive().optional(),
  /** Shares of the requests, in ascending order. */
  stages: shares.optional(),
  maxShare: share.optional(),
  /** Chosen when not given: the one that was squeezed longest ago. */
  instance: instanceNumber.optional(),
})

/** The same in an address: `stages=0.4,0.5`. */
export const squeezeWishQuery = z.object({
  to: z.coerce.number().positive().optional(),
  stages: z
    .string()
    .transform((text) => text.split(',').map(Number))
    .pipe(shares)
    .optional(),
  maxShare: z.coerce.number().pipe(share).optional(),
  instance: z.coerce.number().pipe(instanceNumber).optional(),
})

/** POST /api/services/:service/environments/:environment/squeezes */
export const squeezeRequest = squeezeWish.extend({
  /** The same name twice is one. */
  name: z.string().min(1).max(100),
  reason: givenReason.optional(),
})

export const squeezeAnswer = z.object({ schemaVersion, squeeze: z.string() })

/** A stage as it would go with what is asked now; rates are missing while nobody knows what is asked. */
const stageAhead = z.object({
  share,
  ratePerSecond: z.number().optional(),
  othersPerSecond: z.number().optional(),
})

/** GET /api/services/:service/environments/:environment/squeezes/plan: what one would be now. Nothing is changed. */
export const squeezePlan = z.object({
  schemaVersion,
  service: z.string(),
  environment: z.string(),
  release: releaseName.optional(),
  instances: z.number(),
  /** Which one it would be, and why that one. */
  instance: z.object({ index: instanceNumber, because: z.string() }).optional(),
  /** What all of them together are asked now. */
  ratePerSecond: z.number().optional(),
  /** An even share first; empty while nothing can be said. */
  stages: z.array(stageAhead),
  watchMs: z.number().optional(),
  atMostMs: z.number().optional(),
  /** What is promised there, in words: "99 % within 250 ms". */
  promises: z.array(z.string()),
  /** What would end it, each in words. */
  stops: z.array(z.string()),
  /** What is to be known before, and forbids nothing. */
  notes: z.array(z.string()),
  /** Whether the configuration allows it. */
  allowed: z.boolean(),
  /** All that speaks against it now, what the configuration says first; empty: it may begin. */
  reasons: z.array(reasonView),
})
export type SqueezePlan = z.infer<typeof squeezePlan>

const counted = z.object({
  share: z.number(),
  /** Sent to the instance, and to each of the others on average. */
  ratePerSecond: z.number(),
  othersPerSecond: z.number(),
  requests: z.number(),
  watchedMs: z.number(),
  text: z.string(),
})

const stageView = counted.extend({ is: z.enum(['passed', 'failed']) })
export type SqueezeStageView = z.infer<typeof stageView>

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
  /** The number of the one that is squeezed. */
  instance: z.number().optional(),
  toPerSecond: z.number().optional(),
  stages: z.array(stageView),
  /** The stage that goes on; figures are there once its queues have settled. */
  now: z.object({ share: z.number(), watchMs: z.number(), counted: counted.optional() }).optional(),
  /** Shares of the stages to come, when nothing ends it before. */
  ahead: z.array(z.number()),
  found: squeezeFound.optional(),
  requestedAt: instant,
  startedAt: instant.optional(),
  endedAt: instant.optional(),
  /** While it goes on. */
  stop: action.optional(),
})
export type SqueezeView = z.infer<typeof squeezeView>

/** GET /api/services/:service/environments/:environment/squeezes */
export const squeezesView = z.object({
  schemaVersion,
  /** Whether the configuration allows any; without, there is nothing to show where none was. */
  allowed: z.boolean(),
  /** The newest first, at most twenty. */
  squeezes: z.array(squeezeView),
})
export type SqueezesView = z.infer<typeof squeezesView>
