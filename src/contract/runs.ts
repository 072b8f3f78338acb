import { z } from 'zod'
import { changeName, instant, reasonView, releaseName, schemaVersion, standing } from './common.ts'
import { comparisonSummary } from './loads.ts'
import { runSummary } from './services.ts'

export const stepView = z.object({
  /** Address of its log: GET /api/runs/:run/steps/:id/log */
  id: z.string(),
  title: z.string(),
  standing,
  /** All tries, the last one last; more than one means that it was retried, which is shown. */
  tries: z.array(
    z.object({
      id: z.string(),
      standing,
      startedAt: instant.optional(),
      endedAt: instant.optional(),
      exit: z.number().nullable().optional(),
      because: z.string().optional(),
    }),
  ),
})
export type StepView = z.infer<typeof stepView>

export const testsView = z.object({
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  failures: z.array(z.object({ name: z.string(), message: z.string() })),
})

export const jobView = z.object({
  name: z.string(),
  needs: z.array(z.string()),
  standing,
  startedAt: instant.optional(),
  endedAt: instant.optional(),
  because: z.string().optional(),
  steps: z.array(stepView),
  tests: testsView.optional(),
})
export type JobView = z.infer<typeof jobView>

/** GET /api/runs/:id */
export const runView = z.object({
  schemaVersion,
  id: z.string(),
  change: changeName,
  standing,
  text: z.string(),
  reasons: z.array(reasonView),
  startedAt: instant,
  endedAt: instant.optional(),
  actor: z.string(),
  jobs: z.array(jobView),
  release: releaseName.optional(),
})
export type RunView = z.infer<typeof runView>

/** An environment that a change may come to, and how. */
export const wayView = z.object({
  environment: z.string(),
  after: z.string().optional(),
  /** As soon as its gates hold, by a person's `promote`, or with the environment that it is in step with. */
  by: z.enum(['itself', 'promote', 'inStep']),
  /** Its release runs there now. */
  live: z.boolean(),
  /** Why it is not brought there again by itself. */
  rejected: z.string().optional(),
})

/** GET /api/services/:service/changes/:id: one change from commit to production. */
export const changeView = z.object({
  schemaVersion,
  /** Whose clocks its team reads. */
  timeZone: z.string().optional(),
  change: changeName,
  runs: z.array(runView),
  /** Where it may come to, in order; empty for a branch that is not deployed, absent as long as that is not known. */
  way: z.array(wayView).optional(),
  /** What its releases carry beside what ran then, newest first. */
  comparisons: z.array(comparisonSummary),
  deployments: z.array(
    z.object({
      id: z.string(),
      environment: z.string(),
      standing,
      text: z.string(),
      at: instant,
      endedAt: instant.optional(),
    }),
  ),
})
export type ChangeView = z.infer<typeof changeView>

/** GET /api/services/:service/runs and GET /api/runs: newest first. */
export const runsView = z.object({ schemaVersion, runs: z.array(runSummary) })
export type RunsView = z.infer<typeof runsView>
