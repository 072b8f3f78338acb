import { z } from 'zod'
import { givenReason, instant, reasonView, releaseName, schemaVersion, standing } from './common.ts'
import { tryRequest } from './spikes.ts'

/** A load test of an environment, in one line. */
export const loadTestSummary = z.object({
  id: z.string(),
  service: z.string(),
  environment: z.string(),
  standing,
  /** One sentence: "carries 412/s (398/s to 430/s) within p99<250ms". */
  text: z.string(),
  /** What is measured: what was live when it was frozen, or what is brought for it. */
  release: releaseName.optional(),
  requestedAt: instant,
  endedAt: instant.optional(),
})
export type LoadTestSummary = z.infer<typeof loadTestSummary>

/** The load line that was found, in requests (or users of a scenario) a second. */
export const measuredLine = z.object({
  ratePerSecond: z.number().nullable(),
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  objective: z.object({ quantile: z.number(), belowMs: z.number() }),
  /** Nothing failed up to the highest rate that may be tried. */
  atLeast: z.boolean(),
  limitedBy: z.string().optional(),
  /** Ascending rates. */
  curve: z.array(
    z.object({ ratePerSecond: z.number(), p50Ms: z.number(), p95Ms: z.number(), p99Ms: z.number() }),
  ),
})
export type MeasuredLine = z.infer<typeof measuredLine>

/** GET /api/load-tests/:id */
export const loadTestView = loadTestSummary.extend({
  schemaVersion,
  /** A release came, its time came, or somebody wanted it. */
  cause: z.enum(['deployment', 'schedule', 'person']),
  actor: z.string(),
  reason: z.string(),
  reasons: z.array(reasonView),
  /** Whether what was found is the environment's load line; absent before. */
  counts: z.boolean().optional(),
  /** Why it is not. */
  doubts: z.array(z.string()),
  /** The change whose pipeline builds what is measured. */
  change: z
    .object({ run: z.string(), commit: z.string(), branch: z.string(), subject: z.string() })
    .optional(),
  /** Of a release that is brought to be measured: in whose place, and what becomes of that. */
  guest: z
    .object({
      instead: releaseName,
      /** What differs because the release does, and speaks against nothing. */
      butFor: z.array(z.string()),
      /** Whether what ran before is back as it was; absent before the end. */
      isBack: z.boolean().optional(),
      /** One sentence: "9f8e7d6c5b4a is back, asleep". */
      text: z.string(),
    })
    .optional(),
  startedAt: instant.optional(),
  rail: z.array(
    z.object({
      title: z.string(),
      standing,
      at: instant.optional(),
      endedAt: instant.optional(),
      because: z.string().optional(),
    }),
  ),
  /** How far the search is: "tries 240/s; 1 m of 8 m". */
  progress: z.string().optional(),
  line: measuredLine.optional(),
  /** Where: "perf, 2 instances, 2 cores, …". */
  place: z.string().optional(),
  evidence: z.string().optional(),
})
export type LoadTestView = z.infer<typeof loadTestView>

/** What is known of the load line of an environment that measures itself. */
export const loadTestsView = z.object({
  is: z.enum(['none', 'waiting', 'running', 'passed', 'failed', 'inconclusive', 'missing']),
  text: z.string(),
  /** Without instances until it is used. */
  asleep: z.boolean(),
  /** Those that wait or go on, in order. */
  queue: z.array(loadTestSummary),
  /** The newest that has ended. */
  last: loadTestSummary.optional(),
  /** When its schedule wants the next. */
  next: instant.optional(),
})
export type LoadTestsView = z.infer<typeof loadTestsView>

/** With which instances it is measured; those of the environment when neither is given. */
const instancesAsked = {
  /** `cpus 2, memory 4GiB`: so much an instance has in all its containers together. */
  size: z.string().trim().min(1).max(100).optional(),
  instances: z.coerce.number().int().min(1).max(1_000).optional(),
}

/** POST /api/services/:service/environments/:environment/load-tests */
export const loadTestRequest = z.object({
  ...instancesAsked,
  reason: givenReason.optional(),
  /** By its digest; what is live when neither this nor a change is given. */
  release: z.string().min(1).optional(),
  /** The commit is in the service's repository already; it goes through its pipeline first. */
  change: tryRequest.pick({ name: true, commit: true, ref: true, branch: true, checks: true }).optional(),
})

/** GET /api/services/:service/environments/:environment/load-tests/plan */
export const loadTestWish = z.object({
  ...instancesAsked,
  release: z.string().min(1).optional(),
  /** A branch, or a working tree, whose pipeline builds the release. */
  builds: z.string().min(1).optional(),
})
export type LoadTestWish = z.infer<typeof loadTestWish>

const instancesView = z.object({
  release: releaseName,
  /** "2 instances of 1 CPU and 512 MiB". */
  text: z.string(),
})

/** What a load test would be, of which nothing is done. */
export const loadTestPlan = z.object({
  schemaVersion,
  service: z.string(),
  environment: z.string(),
  /** What would be started to be measured. */
  starts: instancesView.optional(),
  builds: z.string().optional(),
  /** What runs there, and comes back. */
  instead: instancesView.optional(),
  steps: z.array(z.string()),
  /** "between 64/s and 280/s, within p99<250ms". */
  search: z.string().optional(),
  /** The search takes no longer. */
  budgetMs: z.number().optional(),
  /** What its instances cost for so long; absent where nobody says what they cost. */
  cost: z.string().optional(),
  notes: z.array(z.string()),
  /** All that speaks against it now. */
  reasons: z.array(reasonView),
})
export type LoadTestPlan = z.infer<typeof loadTestPlan>

export const loadTestAnswer = z.object({
  schemaVersion,
  loadTest: z.string(),
  /** The pipeline of a change; absent when what it built is known already. */
  run: z.string().optional(),
})
