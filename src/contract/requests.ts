import { z } from 'zod'
import { oneLine } from '../kernel/index.ts'
import { givenReason, instant, schemaVersion } from './common.ts'

/** What holds for a while ends while those who wanted it are still there. */
const atMostAYear = z
  .number()
  .positive()
  .max(366 * 86_400_000)

/** POST /api/services/:service/environments/:environment/deployments */
export const deployRequest = z.object({
  /** Digest or at least six digits of it; absent with `rollback`: the release before. */
  release: z.string().optional(),
  kind: z.enum(['deploy', 'promote', 'rollback']),
  reason: z.string().overwrite(oneLine).max(500).optional(),
  /** It mends something, and a freeze is not to stop it: why. */
  fix: givenReason.optional(),
})
export const deployAnswer = z.object({ schemaVersion, deployment: z.string() })

/** PUT /api/services/:service/environments/:environment/lock; DELETE releases it. */
export const lockRequest = z.object({
  reason: givenReason,
  forMs: atMostAYear.optional(),
})

/** PUT /api/services/:service/environments/:environment/waivers/:gate; DELETE ends it. All are required. */
export const waiverRequest = z.object({
  reason: givenReason,
  forMs: atMostAYear,
})

/** POST /api/services/:service/environments/:environment/sign-offs */
export const signOffRequest = z.object({
  /** Digest or at least six digits of it. */
  release: z.string(),
  word: z.enum(['given', 'rejected']).default('given'),
  reason: givenReason,
})

/** POST /api/deployments/:id/cancel */
export const cancelRequest = z.object({ reason: givenReason })

/** What GET /api/events sends: something changed; look again. */
export const eventView = z.object({
  seq: z.number(),
  at: instant,
  type: z.string(),
  kind: z.string(),
  id: z.string(),
  service: z.string().optional(),
  environment: z.string().optional(),
})
export type EventView = z.infer<typeof eventView>

/** Every error of the API. */
export const errorView = z.object({
  schemaVersion,
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    problems: z.array(
      z.object({
        at: z.string().optional(),
        place: z.string().optional(),
        text: z.string(),
        didYouMean: z.string().optional(),
      }),
    ),
  }),
})
export type ErrorView = z.infer<typeof errorView>

/** Answer of writes that have nothing more to say. */
export const doneAnswer = z.object({ schemaVersion, done: z.boolean() })

/** What a token may be used for: everything, or only to tell that jobs run. */
export const tokenRole = z.enum(['everything', 'heartbeats'])
export type TokenRole = z.infer<typeof tokenRole>

export const tokensView = z.object({
  schemaVersion,
  tokens: z.array(z.object({ name: z.string(), createdAt: instant, role: tokenRole })),
})
export const tokenRequest = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9.@-]{0,59}$/i),
  role: tokenRole.default('everything'),
})
/** The only time that a token is shown. */
export const tokenAnswer = z.object({ schemaVersion, name: z.string(), token: z.string() })
