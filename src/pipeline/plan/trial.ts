import type { JobPlan, RunPlan } from './plan.ts'
import type { RunState } from './state.ts'

/** Hands files on: to other jobs, and to the release. Other jobs only say yes or no. */
const isCheck = ({ outputs, cache }: JobPlan): boolean => outputs.length === 0 && cache === undefined

/** The plan without its checks. What waited for them does not. */
export function withoutChecks(plan: RunPlan): RunPlan {
  const jobs = plan.jobs.filter((job) => !isCheck(job))
  const left = new Set(jobs.map(({ name }) => name))
  return { ...plan, jobs: jobs.map((job) => ({ ...job, needs: job.needs.filter((need) => left.has(need)) })) }
}

/** Whether a job that has ended lets others go on: it passed, or the run is a trial and it only checks. */
export function letsGoOn({ trial, plan, jobs }: RunState, name: string): boolean {
  const job = jobs[name]
  if (job?.stage !== 'ended') return false
  if (job.standing === 'passed') return true
  const planned = plan?.jobs.find((one) => one.name === name)
  return trial !== undefined && planned !== undefined && isCheck(planned)
}
