import type { ChangeName, JobView, ReleaseName, RunSummary, RunView, StepView } from '../../contract/index.ts'
import type { World } from '../../flow/world.ts'
import {
  type ChangeRef,
  type JobPlan,
  type RunState,
  runReasons,
  runStanding,
  runText,
  type StepLook,
  stepsOf,
  type Try,
} from '../../pipeline/index.ts'
import { nameRelease } from './releases.ts'

export const changeName = (service: string, change: ChangeRef): ChangeName => ({
  service,
  id: change.id,
  short: change.short,
  branch: change.branch,
  subject: change.subject,
  author: change.author,
  at: change.at,
})

/** Part of a key after the run: steps are addressed without the run's own name. */
const addressOf = (run: string, key: string): string => key.slice(`run/${run}/`.length)

function tryView(
  run: string,
  { key, standing, startedAt, endedAt, exit, because }: Try,
): StepView['tries'][number] {
  return {
    id: addressOf(run, key),
    standing,
    startedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(exit === undefined ? {} : { exit }),
    ...(because === undefined ? {} : { because }),
  }
}

function stepView(job: string, run: string, step: StepLook, index: number): StepView {
  const { title, standing, tries } = step
  return { id: `${job}/${index}`, title, standing, tries: tries.map((one) => tryView(run, one)) }
}

function jobView(run: RunState, job: JobPlan): JobView {
  const state = run.jobs[job.name]
  const { tests, because, startedAt, endedAt, fromCache } = state ?? {}
  const why = because ?? (fromCache ? 'from the cache: nothing that it depends on has changed' : undefined)
  return {
    name: job.name,
    needs: [...job.needs],
    standing: state?.standing ?? 'waiting',
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(why === undefined ? {} : { because: why }),
    steps: stepsOf(run, job.name).map((step, index) => stepView(job.name, run.id, step, index)),
    ...(tests
      ? {
          tests: {
            passed: tests.passed,
            failed: tests.failed,
            skipped: tests.skipped,
            failures: [...tests.failures],
          },
        }
      : {}),
  }
}

const reasonsOf = (run: RunState): RunView['reasons'] =>
  runReasons(run).map(({ text, next }) => ({ text, ...(next === undefined ? {} : { next }) }))

export function summariseRun(run: RunState): RunSummary {
  return {
    id: run.id,
    change: changeName(run.service, run.change),
    standing: runStanding(run),
    text: runText(run),
    startedAt: run.startedAt,
    ...(run.endedAt === undefined ? {} : { endedAt: run.endedAt }),
    ...(run.release ? { release: run.release.digest } : {}),
  }
}

/** The page of one run. */
export async function viewRun(world: World, run: RunState): Promise<RunView> {
  const release: ReleaseName | undefined = run.release && (await nameRelease(world, run.release.digest))
  const { release: _, ...summary } = summariseRun(run)
  return {
    schemaVersion: 1,
    ...summary,
    reasons: reasonsOf(run),
    actor: run.actor,
    jobs: (run.plan?.jobs ?? []).map((job) => jobView(run, job)),
    ...(release ? { release } : {}),
  }
}
