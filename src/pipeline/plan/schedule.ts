import { advanceJob, beginJob, endJob } from './job.ts'
import type { JobPlan } from './plan.ts'
import {
  type JobContext,
  type JobState,
  newJob,
  type RunSeen,
  type RunState,
  type Standing,
} from './state.ts'
import { letsGoOn } from './trial.ts'
import { follow, stay, type Turn } from './turn.ts'

type Now = { readonly seen: RunSeen; readonly now: number }

export const jobOf = (run: RunState, name: string): JobState => run.jobs[name] ?? newJob

const isActive = (job: JobState): boolean => job.stage !== 'waiting' && job.stage !== 'ended'

/** Does something with each job in order of the plan; each sees what became of those before it. */
function eachJob(
  run: RunState,
  at: Now,
  rule: (job: JobState, at: JobContext) => Turn<JobState>,
): Turn<RunState> {
  let all = stay(run)
  for (const plan of run.plan?.jobs ?? []) {
    const before = jobOf(all.state, plan.name)
    const after = rule(before, { run: all.state, plan, ...at })
    if (after.state === before) continue
    all = follow(all, (state) => ({
      ...after,
      state: { ...state, jobs: { ...state.jobs, [plan.name]: after.state } },
    }))
  }
  return all
}

const advanceAll = (run: RunState, at: Now): Turn<RunState> => eachJob(run, at, advanceJob)

/** The first job it needs that has ended and did not pass. */
const blockedBy = (run: RunState, plan: JobPlan): string | undefined =>
  plan.needs.find((need) => jobOf(run, need).stage === 'ended' && !letsGoOn(run, need))

const howItEnded = (standing: Standing): string => (standing === 'failed' ? 'failed' : `was ${standing}`)

/** Jobs that can never begin say so, and their dependants after them. */
const skipBlocked = (run: RunState, at: Now): Turn<RunState> =>
  eachJob(run, at, (job, context) => {
    if (job.stage !== 'waiting') return stay(job)
    const need = blockedBy(context.run, context.plan)
    if (need === undefined) return stay(job)
    const because = `it needs ${need}, which ${howItEnded(jobOf(context.run, need).standing)}`
    return endJob(job, { standing: 'skipped', because }, context)
  })

const isReady = (run: RunState, plan: JobPlan): boolean => plan.needs.every((need) => letsGoOn(run, need))

/** Begins jobs whose needs have passed, at most `limit` at a time. */
function beginReady(run: RunState, at: Now, limit: number): Turn<RunState> {
  let free = limit - Object.values(run.jobs).filter(isActive).length
  return eachJob(run, at, (job, context) => {
    if (free <= 0 || job.stage !== 'waiting' || !isReady(context.run, context.plan)) return stay(job)
    const begun = beginJob(job, context)
    if (isActive(begun.state)) free--
    return begun
  })
}

/** One turn of all jobs: what became of those that run, whom that stops, whom that lets begin. */
export function advanceJobs(run: RunState, at: Now, limit: number): Turn<RunState> {
  const advanced = follow(advanceAll(run, at), (state) => skipBlocked(state, at))
  const begun = follow(advanced, (state) => beginReady(state, at, limit))
  return follow(begun, (state) => skipBlocked(state, at))
}
