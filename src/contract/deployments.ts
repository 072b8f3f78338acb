import { z } from 'zod'
import {
  action,
  givenReason,
  instant,
  ledger,
  reasonView,
  releaseName,
  schemaVersion,
  standing,
} from './common.ts'
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
  /** For the current one: what it waits for. For a check that was let through: what it said, and by whom. */
  because: z.string().optional(),
  /** Its command printed something: GET /api/deployments/:id/tasks/:task/log. */
  task: z.string().optional(),
})

const tallyView = z.object({ bad: z.number(), of: z.number(), share: z.number().nullable() })

/** One thing that the new release is judged by, beside the live one. */
export const judgedMetric = z.object({
  key: z.string(),
  /** `failures`, `slower than p99 (80 ms)`. */
  title: z.string(),
  canary: tallyView,
  live: tallyView,
  /** Of the new release's rate to the live one's, with what cannot be excluded at 95 %, whenever one looks. */
  ratio: z.object({
    estimate: z.number().nullable(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    of: z.enum(['rates', 'odds']),
  }),
  /** At most this likely to have ever looked so bad, were it as good. */
  p: z.number(),
  /** Why it cannot be read now. */
  problem: z.string().optional(),
})
export type JudgedMetric = z.infer<typeof judgedMetric>

/** What the judge of a canary says, with the numbers behind it. */
export const judgeView = z.object({
  is: z.enum(['pass', 'fail', 'inconclusive', 'open']),
  /** About the new release, without subject and full stop. */
  sentence: z.string(),
  p: z.number(),
  /** Chance of a false alarm: it fails when p has fallen below. */
  alpha: z.number(),
  requests: z.object({ canary: z.number(), live: z.number() }),
  /** So long it was watched while all was well with what both need. */
  watchedMs: z.number(),
  split: z.object({ asked: z.number(), seen: z.number().nullable() }),
  metrics: z.array(judgedMetric),
  /** What is odd about what instances tell of the team's counters. */
  notes: z.array(z.string()),
})
export type JudgeView = z.infer<typeof judgeView>

/** What the stages of a canary are to find, and what that costs. */
export const canaryPlanView = z.object({
  sentence: z.string(),
  stages: z.array(z.object({ share: z.number(), sentence: z.string() })),
  /** How long all stages take at least. */
  shortestMs: z.number(),
  /** Requests that a release as bad as it looks for would harm; null when it would not be found. */
  harmed: z.number().nullable(),
})

export type CanaryPlanView = z.infer<typeof canaryPlanView>

/** POST /api/deployments/:id/continue */
export const continueRequest = z.object({ reason: givenReason })

/** A condition that a deployment has to meet before it begins. */
export const gateView = z.object({
  name: z.string(),
  is: z.enum(['pass', 'fail', 'inconclusive', 'waiting']),
  reasons: z.array(reasonView),
  /** What it waits for is being measured: that takes minutes, and nobody has to do anything. */
  measured: z.literal(true).optional(),
  /** Let through by a person. */
  waiver: waiverView.optional(),
  /** What a person can do about it: sign the release off. */
  action: action.optional(),
  /** It is let through for a while, by whoever answers for that. */
  waive: action.optional(),
  /** What its command printed: an address of the API. */
  output: z.string().optional(),
  /** Page of what it looked at: a comparison. */
  link: z.string().optional(),
})
export type GateView = z.infer<typeof gateView>

/** GET /api/deployments/:id */
export const deploymentView = z.object({
  schemaVersion,
  id: z.string(),
  service: z.string(),
  environment: z.string(),
  /** Whose clocks its team reads. */
  timeZone: z.string().optional(),
  strategy: z.string(),
  kind: z.enum(['deployment', 'rollback']),
  /** A worker takes none: there is no gateway, and nothing in its ledgers. */
  takesRequests: z.boolean(),
  standing,
  /** "2 of 3 instances run 3f2a…, 0 of 41,233 requests lost". */
  text: z.string(),
  reasons: z.array(reasonView),
  actor: z.string(),
  /** It mends something, says the actor: why. */
  fix: z.string().optional(),
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
  gates: z.array(gateView),
  verified: z.object({ expected: z.string(), found: z.array(z.string()), same: z.boolean() }).optional(),
  rollback: action.optional(),
  plan: canaryPlanView.optional(),
  judge: judgeView.optional(),
  /** A person is to decide: the judge could not tell, or there is no way back, and why. */
  held: action.extend({ because: z.string().optional() }).optional(),
  /** A person let it go on without a verdict. */
  letOn: z.object({ by: z.string(), reason: z.string(), at: instant }).optional(),
})
export type DeploymentView = z.infer<typeof deploymentView>
