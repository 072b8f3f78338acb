import { formatDuration, type Reason, type Verdict } from '../kernel/index.ts'
import { failedOfTests } from './plan/judge.ts'
import { waitingFor } from './plan/look.ts'
import type { JobState, RunState, Standing, Try } from './plan/state.ts'

const standingOfVerdict: Record<Verdict['is'], Standing> = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'inconclusive',
}

/** How a run stands. */
export function runStanding(run: RunState): Standing {
  if (run.phase !== 'ended') return 'running'
  return run.cancel ? 'cancelled' : standingOfVerdict[run.verdict?.is ?? 'inconclusive']
}

/** Why a run did not pass; empty otherwise. */
export const runReasons = (run: RunState): readonly Reason[] =>
  run.verdict && run.verdict.is !== 'pass' ? run.verdict.reasons : []

export type StepLook = { readonly title: string; readonly standing: Standing; readonly tries: readonly Try[] }

/** All steps of a job as planned, with what became of them so far. */
export function stepsOf(run: RunState, name: string): readonly StepLook[] {
  const job = run.jobs[name]
  const plan = run.plan?.jobs.find((one) => one.name === name)
  return (plan?.steps ?? []).map((step, i) => {
    const tries = job?.steps[i]?.tries ?? []
    return { title: step.title, standing: tries.at(-1)?.standing ?? standingOfUnbegun(job), tries }
  })
}

const standingOfUnbegun = (job: JobState | undefined): Standing => {
  if (job?.stage !== 'ended') return 'waiting'
  return job.standing === 'cancelled' ? 'cancelled' : 'skipped'
}

function jobText(name: string, job: JobState): string {
  if (job.standing === 'failed' && job.tests && job.tests.failed > 0)
    return `${name} failed: ${failedOfTests(job.tests)}`
  const how = job.standing === 'failed' ? 'failed' : `was ${job.standing}`
  return `${name} ${how}${job.because ? `: ${job.because}` : ''}`
}

/** The first job that decided the verdict, and how many others did. */
function troubleText(run: RunState, is: 'fail' | 'inconclusive'): string {
  const standing = standingOfVerdict[is]
  const names = (run.plan?.jobs ?? [])
    .map((job) => job.name)
    .filter((name) => run.jobs[name]?.standing === standing)
  const [first, ...others] = names
  const job = first === undefined ? undefined : run.jobs[first]
  if (first === undefined || !job) return runReasons(run)[0]?.text ?? standing
  return jobText(first, job) + (others.length > 0 ? `, and ${others.join(', ')}` : '')
}

/** A run in one sentence: `passed in 41 s`, `test failed: 2 of 48 tests`. */
export function runText(run: RunState): string {
  const tookMs = (run.endedAt ?? run.startedAt) - run.startedAt
  if (run.phase !== 'ended' || !run.verdict) return waitingFor(run)
  if (run.cancel) return `cancelled by ${run.cancel.by} after ${formatDuration(tookMs)}`
  if (run.verdict.is === 'pass') return `passed in ${formatDuration(tookMs)}`
  return troubleText(run, run.verdict.is)
}
