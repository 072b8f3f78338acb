import type { Happening, Instant, Json, Reason, Verdict } from '../../kernel/index.ts'
import { jobOf } from './schedule.ts'
import type { JobState, RunState, Standing } from './state.ts'
import { type Turn, turn } from './turn.ts'

export const tellRun = (
  run: RunState,
  type: string,
  more: { readonly [key: string]: Json } = {},
): Happening => ({
  type,
  body: { service: run.service, run: run.id, ...more },
})

function reasonOf(name: string, job: JobState): Reason {
  const text = `${name}: ${job.because ?? job.standing}`
  const { tests } = job
  if (!tests) return { text }
  return { text, numbers: { passed: tests.passed, failed: tests.failed, skipped: tests.skipped } }
}

function judgeJobs(run: RunState): Verdict {
  const named = (run.plan?.jobs ?? []).map((plan) => ({ name: plan.name, job: jobOf(run, plan.name) }))
  const reasonsOf = (...standings: Standing[]) =>
    named.filter(({ job }) => standings.includes(job.standing)).map(({ name, job }) => reasonOf(name, job))
  const failed = reasonsOf('failed')
  return failed.length > 0
    ? { is: 'fail', reasons: failed }
    : { is: 'inconclusive', reasons: reasonsOf('inconclusive', 'cancelled') }
}

function judgeCancelled(by: string, reason: string | undefined): Verdict {
  const text = `cancelled by ${by}${reason === undefined ? '' : `: ${reason}`}`
  return { is: 'inconclusive', reasons: [{ text }] }
}

/** The run is over: its verdict as given, or from its jobs. What it leaves in folders is removed. */
export function conclude(run: RunState, verdict: Verdict | undefined, now: Instant): Turn<RunState> {
  const { work: _, ...rest } = run
  const judged = verdict ?? (run.cancel ? judgeCancelled(run.cancel.by, run.cancel.reason) : judgeJobs(run))
  const ended: RunState = { ...rest, phase: 'ended', verdict: judged, endedAt: now }
  const body = {
    verdict: judged,
    change: run.change.id,
    branch: run.change.branch,
    ...(ended.release ? { release: ended.release.digest } : {}),
  }
  return turn(ended, {
    effects: [{ kind: 'run.tidy', key: `run/${run.id}/tidy`, spec: { run: run.id } }],
    events: [tellRun(run, 'run.ended', body)],
  })
}
