import type { Instant, Key } from '../../kernel/index.ts'
import { workDue } from './ask.ts'
import { lastTry } from './job.ts'
import type { JobState, RunSeen, RunState } from './state.ts'

const activeJobs = (run: RunState): [string, JobState][] =>
  Object.entries(run.jobs).filter(([, job]) => job.stage !== 'waiting' && job.stage !== 'ended')

/** What must be seen before the next decision: keys of commands and of work. */
export function looksOf(run: RunState): { readonly commands: readonly Key[]; readonly work: readonly Key[] } {
  const jobs = activeJobs(run).map(([, job]) => job)
  return {
    commands: jobs.flatMap((job) => (job.stage === 'stepping' ? (lastTry(job)?.key ?? []) : [])),
    work: [run, ...jobs].flatMap((one) => one.work?.key ?? []),
  }
}

/** When to look again though nothing was heard: work that is gone, commands that never began. */
export function nextLook(run: RunState, seen: RunSeen): Instant | undefined {
  const jobs = activeJobs(run).map(([, job]) => job)
  const works = [run, ...jobs].flatMap((one) => one.work ?? [])
  const tries = jobs.flatMap((job) => (job.stage === 'stepping' ? (lastTry(job) ?? []) : []))
  const absent = tries.filter((last) => (seen.commands[last.key] ?? 'absent') === 'absent')
  const due = [
    ...works.map((work) => workDue(work, seen.work[work.key] ?? 'absent')),
    ...absent.map((last) => last.deadline),
  ]
  return due.length > 0 ? Math.min(...due) : undefined
}

function activityOf(run: RunState, [name, job]: [string, JobState]): string {
  if (job.stage !== 'stepping') return `${name}: ${job.stage}`
  const step = run.plan?.jobs.find((plan) => plan.name === name)?.steps[job.steps.length - 1]
  return `${name}: ${step?.title ?? 'step'}`
}

/** What the run is doing, for people. */
export function waitingFor(run: RunState): string {
  if (run.cancel) return 'waiting for what runs to end'
  if (run.phase === 'reading') return 'reading the configuration'
  if (run.phase === 'packing') return 'packing the release'
  return activeJobs(run)
    .map((entry) => activityOf(run, entry))
    .join(', ')
}
