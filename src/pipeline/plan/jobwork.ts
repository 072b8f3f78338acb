import { jobFolderKey } from './keys.ts'
import type { JobContext, JobState } from './state.ts'
import type { CollectSpec, PrepareSpec } from './work.ts'

/** A fresh working directory with what the job needs in it. */
export function prepareSpec({ run, plan }: JobContext): PrepareSpec {
  const steps = plan.steps.map(({ run: command, env }) => ({ run: command, env }))
  const recipe = plan.container ? [plan.container, ...steps] : steps
  return {
    do: 'prepare',
    folder: jobFolderKey(run.id, plan.name),
    service: run.service,
    change: run.change,
    trusted: run.secretsAllowed,
    outputs: plan.needs.flatMap((need) => run.jobs[need]?.outputs ?? []),
    secrets: plan.secrets,
    ...(plan.cache ? { cache: { ...plan.cache, recipe } } : {}),
    ...(plan.junit === undefined ? {} : { junit: plan.junit }),
    ...(plan.container ? { container: plan.container } : {}),
  }
}

/** What the job has left behind. */
export function collectSpec(job: JobState, { run, plan }: JobContext): CollectSpec {
  return {
    do: 'collect',
    folder: jobFolderKey(run.id, plan.name),
    passed: job.outcome?.standing === 'passed',
    outputs: [...plan.outputs, ...(plan.cache?.paths ?? [])],
    ...(plan.junit === undefined ? {} : { junit: plan.junit }),
    ...(job.keepAs === undefined ? {} : { keepAs: job.keepAs }),
  }
}
