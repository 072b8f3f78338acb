import type { Digest, Instant } from '../../kernel/index.ts'
import type { ProvenanceBody, TestsBody } from './evidence.ts'
import { jobFolderKey } from './keys.ts'
import type { JobPlan } from './plan.ts'
import { jobOf } from './schedule.ts'
import type { JobState, RunState } from './state.ts'
import type { BundleSpec } from './work.ts'

type Named = { readonly plan: JobPlan; readonly job: JobState }

const namedJobs = (run: RunState): Named[] =>
  (run.plan?.jobs ?? []).map((plan) => ({ plan, job: jobOf(run, plan.name) }))

const retriesOf = (job: JobState): number =>
  job.steps.reduce((sum, step) => sum + Math.max(0, step.tries.length - 1), 0)

/** The tests of all jobs together; undefined when no job measured any. */
function testsBody(run: RunState, jobs: readonly Named[]): TestsBody | undefined {
  const tested = jobs.flatMap(({ job }) => (job.tests ? [{ tests: job.tests, retries: retriesOf(job) }] : []))
  if (tested.length === 0) return undefined
  const total = (of: 'passed' | 'failed' | 'skipped' | 'suites') =>
    tested.reduce((sum, { tests }) => sum + tests[of], 0)
  return {
    run: run.id,
    passed: total('passed'),
    failed: total('failed'),
    skipped: total('skipped'),
    suites: total('suites'),
    retries: tested.reduce((sum, { retries }) => sum + retries, 0),
  }
}

const provenanceBody = (
  run: RunState,
  jobs: readonly Named[],
  config: Digest,
  now: Instant,
): ProvenanceBody => ({
  service: run.service,
  run: run.id,
  actor: run.actor,
  change: run.change.id,
  commit: run.change.commit ?? null,
  tree: run.change.tree,
  branch: run.change.branch,
  subject: run.change.subject,
  author: run.change.author,
  jobs: jobs.map(({ plan, job }) => ({
    name: plan.name,
    fromCache: job.fromCache ?? false,
    ...(job.outputs ? { outputs: job.outputs } : {}),
  })),
  config,
  builtAt: now,
})

/** What to pack, and what is known of it: the same for each attempt, so that evidence is put once. */
export function bundleSpec(run: RunState, now: Instant): BundleSpec {
  const jobs = namedJobs(run)
  const builtAt = jobs.reduce((latest, { job }) => Math.max(latest, job.endedAt ?? 0), run.startedAt)
  const tests = testsBody(run, jobs)
  const config = run.config ?? 'sha256:'
  return {
    do: 'bundle',
    folder: jobFolderKey(run.id, '-bundle'),
    change: run.change,
    outputs: jobs.flatMap(({ job }) => job.outputs ?? []),
    include: run.plan?.release.include ?? ['**'],
    exclude: run.plan?.release.exclude ?? [],
    ...(run.plan?.containers ? { containers: run.plan.containers } : {}),
    evidence: { ...(tests ? { tests } : {}), provenance: provenanceBody(run, jobs, config, builtAt) },
    at: Math.min(builtAt, now),
  }
}
