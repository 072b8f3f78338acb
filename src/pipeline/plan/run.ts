import {
  type Decision,
  type Instant,
  type Machine,
  move,
  type Problem,
  pass,
  wait,
} from '../../kernel/index.ts'
import { ask, dropWork, followWork } from './ask.ts'
import { conclude, tellRun } from './conclude.ts'
import { lastTry, whyNot } from './job.ts'
import { runWorkKey } from './keys.ts'
import { nextLook, waitingFor } from './look.ts'
import { planRun } from './plan.ts'
import { bundleSpec } from './release.ts'
import { advanceJobs, jobOf } from './schedule.ts'
import { newJob, type RunCommand, type RunPhase, type RunSeen, type RunState } from './state.ts'
import { dropTry } from './step.ts'
import { follow, stay, type Turn, turn } from './turn.ts'
import type { BundledEnd, ConfigEnd, WorkEnd } from './work.ts'

/** How many jobs of a run may be at work at the same time. */
export type RunLimits = { readonly jobs: number }

type At = { readonly seen: RunSeen; readonly now: Instant; readonly limits: RunLimits }
type PhaseRule = (run: RunState, at: At) => Turn<RunState>

const foundWork = (run: RunState, seen: RunSeen) => (run.work && seen.work[run.work.key]) ?? 'absent'

function askFor(run: RunState, what: 'config' | 'bundle', attempt: number, now: Instant): Turn<RunState> {
  const spec =
    what === 'config' ? { do: what, service: run.service, change: run.change } : bundleSpec(run, now)
  const { work, effect } = ask(spec, runWorkKey(run.id, what, attempt), attempt, now)
  return turn({ ...run, work }, { effects: [effect] })
}

/** Work of the run itself: asked for, asked for again after a crash, and what follows from its end. */
function ownWork(
  run: RunState,
  what: 'config' | 'bundle',
  at: At,
  ended: (end: WorkEnd) => Turn<RunState>,
): Turn<RunState> {
  if (!run.work) return askFor(run, what, 1, at.now)
  const again = (attempt: number) => askFor(run, what, attempt, at.now)
  return followWork(run, run.work, foundWork(run, at.seen), at.now, { again, ended })
}

const withoutWork = ({ work: _, ...run }: RunState): RunState => run

const reading: PhaseRule = (run, at) =>
  ownWork(run, 'config', at, (end) => {
    if (end.is === 'config') return plan(withoutWork(run), end, at)
    if (end.is === 'problems') return refuse(run, end.problems, at.now)
    const text = `the configuration could not be read: ${whyNot(end)}`
    return conclude(run, { is: 'inconclusive', reasons: [{ text }] }, at.now)
  })

function refuse(run: RunState, problems: readonly Problem[], now: Instant): Turn<RunState> {
  const reasons = problems.map(({ place, text, didYouMean }) => ({
    text: place ? `${text} (${place})` : text,
    ...(didYouMean ? { next: `Did you mean ${didYouMean}?` } : {}),
  }))
  return conclude(run, { is: 'fail', reasons }, now)
}

function plan(run: RunState, end: ConfigEnd, at: At): Turn<RunState> {
  const planned = planRun(end)
  if ('problems' in planned) return refuse(run, planned.problems, at.now)
  const jobs = Object.fromEntries(planned.plan.jobs.map((job) => [job.name, newJob]))
  const working: RunState = { ...run, phase: 'working', plan: planned.plan, config: end.digest, jobs }
  const told = turn(working, { events: [tellRun(run, 'run.planned', { jobs: Object.keys(jobs) })] })
  return follow(told, (state) => phases.working(state, at))
}

const working: PhaseRule = (run, at) =>
  follow(advanceJobs(run, at, at.limits.jobs), (state) => {
    const jobs = (state.plan?.jobs ?? []).map((job) => jobOf(state, job.name))
    if (jobs.some((job) => job.stage !== 'ended')) return stay(state)
    if (state.cancel || jobs.some((job) => job.standing !== 'passed'))
      return conclude(state, undefined, at.now)
    return askFor({ ...state, phase: 'packing' }, 'bundle', 1, at.now)
  })

const packing: PhaseRule = (run, at) =>
  ownWork(run, 'bundle', at, (end) => {
    if (end.is === 'bundled') return release(run, end, at.now)
    if (end.is === 'problems') return refuse(run, end.problems, at.now)
    const text = `the release could not be packed: ${whyNot(end)}`
    return conclude(run, { is: 'inconclusive', reasons: [{ text }] }, at.now)
  })

const release = (run: RunState, end: BundledEnd, now: Instant): Turn<RunState> =>
  conclude(
    {
      ...run,
      release: {
        digest: end.release,
        sizeBytes: end.sizeBytes,
        ...(end.images ? { images: end.images } : {}),
      },
    },
    pass(...end.evidence),
    now,
  )

/** A cancelled run ends when nothing of it is at work any more. */
const lettingGo: PhaseRule = (run, { seen, now }) =>
  run.work && foundWork(run, seen) === 'running' ? stay(run) : conclude(run, undefined, now)

const phases: Record<RunPhase, PhaseRule> = {
  reading: (run, at) => (run.cancel ? lettingGo(run, at) : reading(run, at)),
  working,
  packing: (run, at) => (run.cancel ? lettingGo(run, at) : packing(run, at)),
  ended: (run) => stay(run),
}

function decide(run: RunState, seen: RunSeen, now: Instant, limits: RunLimits): Decision<RunState> {
  const next = phases[run.phase](run, { seen, now, limits })
  if (next.state === run) return wait(waitingFor(run), nextLook(run, seen))
  return move(next.state, {
    effects: next.effects,
    events: next.events,
    ended: next.state.phase === 'ended',
  })
}

/** Tells all that is at work to end; what has not begun never will. Once is enough. */
function cancel(run: RunState, command: RunCommand, now: Instant): Decision<RunState> {
  if (run.phase === 'ended') return wait('it has ended')
  if (run.cancel) return wait('it is being cancelled')
  const { by, reason } = command
  const jobs = Object.values(run.jobs)
  const tries = jobs.flatMap((job) => (job.stage === 'stepping' ? (lastTry(job) ?? []) : []))
  const work = [run, ...jobs].flatMap((one) => one.work ?? [])
  return move(
    { ...run, cancel: { by, at: now, ...(reason === undefined ? {} : { reason }) } },
    {
      effects: [...tries.map((last) => dropTry(last.key)), ...work.map(dropWork)],
      events: [tellRun(run, 'run.cancelled', { by })],
    },
  )
}

/**
 * A run: one change through its pipeline. Reads the configuration of the change, works off the jobs of the plan,
 * packs the release. Its effects: `command.start` (StepStart), `command.cancel` ({ key, graceMs }),
 * `work.start` (WorkSpec), `work.cancel` ({ key }), and `run.tidy` ({ run }) when it has ended.
 */
export const runMachine = (limits: RunLimits): Machine<RunState, RunSeen, RunCommand> => ({
  kind: 'run',
  decide: (run, seen, now) => decide(run, seen, now, limits),
  accept: cancel,
})
