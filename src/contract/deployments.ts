import { z } from 'zod'
import { action, instant, ledger, reasonView, releaseName, schemaVersion, standing } from './common.ts'
import { instanceView, waiverView } from './services.ts'

export const fleetTraffic = z.object({
  fleet: z.string(),
  role: z.enum(['live', 'new']),
  release: releaseName,
  wantedWeight: z.number(),
  /** Share of the last requests that the gateway really sent here. */
  actualShare: z.number().optional(),
  serving: z.number(),
  size: z.number(),
  instances: z.array(instanceView),
  ledger: ledger.optional(),
  /** Milliseconds, over this deployment. */
  latency: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).optional(),
})

/** One step of the rail. */
export const railStep = z.object({
  title: z.string(),
  standing,
  at: instant.optional(),
  endedAt: instant.optional(),
  /** For the current one: what it waits for. */
  because: z.string().optional(),
})

/** GET /api/deployments/:id */
export const deploymentView = z.object({
  schemaVersion,
  id: z.string(),
  service: z.string(),
  environment: z.string(),
  strategy: z.string(),
  kind: z.enum(['deployment', 'rollback']),
  standing,
  /** "2 of 3 instances run 3f2a…, 0 of 41,233 requests lost". */
  text: z.string(),
  reasons: z.array(reasonView),
  actor: z.string(),
  startedAt: instant,
  endedAt: instant.optional(),
  from: releaseName.optional(),
  to: releaseName,
  rail: z.array(railStep),
  fleets: z.array(fleetTraffic),
  /** Of the whole deployment, both fleets. */
  ledger,
  lostRequests: z.array(
    z.object({
      at: instant,
      method: z.string(),
      path: z.string(),
      instance: z.string(),
      because: z.string(),
    }),
  ),
  gates: z.array(
    z.object({
      name: z.string(),
      is: z.enum(['pass', 'fail', 'inconclusive', 'waiting']),
      reasons: z.array(reasonView),
      /** Let through by a person. */
      waiver: waiverView.optional(),
      /** Page of what it looked at: a comparison. */
      link: z.string().optional(),
    }),
  ),
  verified: z.object({ expected: z.string(), found: z.array(z.string()), same: z.boolean() }).optional(),
  rollback: action.optional(),
})
export type DeploymentView = z.infer<typeof deploymentView>
