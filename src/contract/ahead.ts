import { z } from 'zod'
import { releaseName, schemaVersion } from './common.ts'
import { canaryPlanView, gateView } from './deployments.ts'

/** GET /api/services/:service/environments/:environment/plan */
export const aheadQuery = z.object({
  kind: z.enum(['deploy', 'promote', 'rollback']),
  /** Digits of a release; without one a rollback turns round, or brings the release before. */
  release: z.string().optional(),
  fix: z.string().optional(),
})

/** What would happen, were it ordered now. */
export const aheadView = z.object({
  schemaVersion,
  dryRun: z.literal(true),
  service: z.string(),
  environment: z.string(),
  kind: z.enum(['deploy', 'promote', 'rollback']),
  strategy: z.string(),
  /** One sentence: what would run where, and by what way. */
  effect: z.string(),
  /** The deployment that would be turned round. */
  turns: z.string().optional(),
  from: releaseName.optional(),
  to: releaseName,
  instances: z.object({ live: z.number(), new: z.number() }),
  /** Whether the gates would let it go on now, with what stands against it. */
  passage: z.object({
    is: z.enum(['open', 'waits', 'failed', 'inconclusive']),
    because: z.string().optional(),
  }),
  gates: z.array(gateView),
  /** What is to be known before: that it waits for somebody, that it was rolled back here. */
  notes: z.array(z.string()),
  stages: z.array(
    z.object({ title: z.string(), share: z.number().optional(), command: z.string().optional() }),
  ),
  /** Of a canary, planned from `traffic`. */
  plan: canaryPlanView.optional(),
  /** Of the live version, in the last minutes; absent when it was not measured. */
  traffic: z
    .object({ seconds: z.number(), requestsPerSecond: z.number(), errorRatio: z.number().nullable() })
    .optional(),
  /** How it would be undone once the new release takes all requests. */
  undo: z.array(z.string()),
})
export type AheadView = z.infer<typeof aheadView>
