import type { Effect, Happening, Json } from '../../kernel/index.ts'
import { ask, followWork } from './ask.ts'
import { collectSpec, prepareSpec } from './jobwork.ts'
import { judgeJob } from './judge.ts'
import { jobWorkKey } from './keys.ts'
import type { JobContext, JobStage, JobState, Outcome, Try } from './state.ts'
import { dropTry, endTry, newsOfTry, startTry } from './step.ts'
import { stay, type Turn, turn } from './turn.ts'
import type { CollectedEnd, CollectSpec, PreparedEnd, PrepareSpec, WorkEnd } from './work.ts'

type StageRule = (job: JobState, at: JobContext) => Turn<JobState>

const tellJob = (at: JobContext, type: string, more: { readonly [key: string]: Json } = {}): Happening => ({
  type,
  body: { service: at.run.service, run: at.run.id, job: at.plan.name, ...more },
})

/** Ends a job for good. */
export function endJob(
  job: JobState,
  outcome: Pick<JobState, 'standing' | 'because'>,
  at: JobContext,
): Turn<JobState> {
  const { work: _, outcome: __, ...rest } = job
  const { standing, because } = outcome
  const state: JobState = {
    ...rest,
    stage: 'ended',
    standing,
    endedAt: at.now,
    ...(because ? { because } : {}),
  }
  return turn(state, { events: [tellJob(at, 'job.ended', { standing, ...(because ? { because } : {}) })] })
}

function askFor(
  job: JobState,
  spec: PrepareSpec | CollectSpec,
  attempt: number,
  at: JobContext,
): Turn<JobState> {
  const { work, effect } = ask(spec, jobWorkKey(at.run.id, at.plan.name, spec.do, attempt), attempt, at.now)
  return turn({ ...job, work }, { effects: [effect] })
}

/** Begins a job that waits, unless it asks for secrets that this change may not see. */
export function beginJob(job: JobState, at: JobContext): Turn<JobState> {
  const begun: JobState = { ...job, stage: 'preparing', standing: 'running', startedAt: at.now }
  if (!at.run.secretsAllowed && at.plan.secrets.length > 0) {
    const because = `it asks for the secret ${at.plan.secrets.join(' and ')}, which only changes of a protected branch may use`
    return endJob(begun, { standing: 'inconclusive', because }, at)
  }
  const asked = askFor(begun, prepareSpec(at), 1, at)
  return { ...asked, events: [tellJob(at, 'job.started')] }
}

const preparing: StageRule = (job, at) =>
  followWorkOf(job, at, {
    again: (attempt) => askFor(job, prepareSpec(at), attempt, at),
    ended: (end) => {
      if (end.is === 'prepared') return prepared(job, end, at)
      const because = `its working directory could not be prepared: ${whyNot(end)}`
      // Problems are the change's own: a Dockerfile that cannot be built.
      return endJob(job, { standing: end.is === 'problems' ? 'failed' : 'inconclusive', because }, at)
    },
  })

function prepared(job: JobState, end: PreparedEnd, at: JobContext): Turn<JobState> {
  const { work: _, ...rest } = job
  // Where tests are measured, they are measured for each change: only the files are taken from the cache.
  if (end.kept && at.plan.junit === undefined) {
    const fromCache: JobState = { ...rest, outputs: end.kept, fromCache: true }
    return endJob(fromCache, { standing: 'passed' }, at)
  }
  const next: JobState = {
    ...rest,
    stage: 'stepping',
    ...(end.keepAs === undefined ? {} : { keepAs: end.keepAs }),
    ...(end.image === undefined ? {} : { image: end.image }),
  }
  return tryStep(next, { step: 0, attempt: 1 }, at)
}

function tryStep(
  job: JobState,
  which: { readonly step: number; readonly attempt: number },
  at: JobContext,
): Turn<JobState> {
  const limitMs = (job.startedAt ?? at.now) + at.plan.timeoutMs - at.now
  if (limitMs <= 0) return wrapUp(job, { standing: 'failed', because: 'the job took longer than it may' }, at)
  const started = startTry(
    at.run,
    at.plan,
    { ...which, limitMs, ...(job.image ? { image: job.image } : {}) },
    at.now,
  )
  if (!started) return wrapUp(job, { standing: 'passed' }, at)
  const earlier = job.steps[which.step]?.tries ?? []
  const steps = [...job.steps.slice(0, which.step), { tries: [...earlier, started.begun] }]
  const events = [
    tellJob(at, 'step.started', { step: which.step, try: which.attempt, key: started.begun.key }),
  ]
  return turn({ ...job, steps }, { effects: [started.effect], events })
}

/** The try that runs, or ran last. */
export const lastTry = (job: JobState): Try | undefined => job.steps.at(-1)?.tries.at(-1)

const stepping: StageRule = (job, at) => {
  const last = lastTry(job)
  const index = job.steps.length - 1
  const step = at.plan.steps[index]
  if (!last || !step) return stay(job)
  const found = at.seen.commands[last.key] ?? 'absent'
  const news = newsOfTry(last, found, at.now)
  if (!news) return stay(job)
  const ended = endTry(last, news, step, at.now)
  const next = stepEnded(replaceTry(job, ended), index, ended, at)
  // Given up, not ended: should it begin after all, it is to end at once.
  const effects: Effect[] = found === 'absent' ? [dropTry(last.key)] : []
  const { standing, key, because } = ended
  const told = tellJob(at, 'step.ended', { step: index, key, standing, ...(because ? { because } : {}) })
  return { state: next.state, effects: [...effects, ...next.effects], events: [told, ...next.events] }
}

function replaceTry(job: JobState, ended: Try): JobState {
  const tries = job.steps.at(-1)?.tries ?? []
  return { ...job, steps: [...job.steps.slice(0, -1), { tries: [...tries.slice(0, -1), ended] }] }
}

function stepEnded(job: JobState, index: number, ended: Try, at: JobContext): Turn<JobState> {
  const step = at.plan.steps[index]
  const tries = job.steps[index]?.tries.length ?? 1
  if (ended.standing === 'passed') return tryStep(job, { step: index + 1, attempt: 1 }, at)
  if (ended.standing === 'failed' && tries <= (step?.retries ?? 0))
    return tryStep(job, { step: index, attempt: tries + 1 }, at)
  const times = tries > 1 ? `, ${tries} tries` : ''
  const because = `${step?.title ?? 'step'} ${ended.because ?? 'did not pass'}${times}`
  return wrapUp(job, { standing: ended.standing as Outcome['standing'], because }, at)
}

/** After the last step: reports are read whatever the outcome, outputs are packed when it passed. */
function wrapUp(job: JobState, outcome: Outcome, at: JobContext): Turn<JobState> {
  const { junit, outputs, cache } = at.plan
  const packs = outcome.standing === 'passed' && (outputs.length > 0 || cache !== undefined)
  const wrapping: JobState = { ...job, stage: 'collecting', outcome }
  if (junit === undefined && !packs) return endJob(wrapping, outcome, at)
  return askFor(wrapping, collectSpec(wrapping, at), 1, at)
}

const collecting: StageRule = (job, at) =>
  followWorkOf(job, at, {
    again: (attempt) => askFor(job, collectSpec(job, at), attempt, at),
    ended: (end) => {
      if (end.is === 'collected') return collected(job, end, at)
      return endJob(job, judgeJob(job.outcome, whyNot(end), at.plan), at)
    },
  })

function collected(job: JobState, end: CollectedEnd, at: JobContext): Turn<JobState> {
  const { tests, outputs } = end
  const known: JobState = { ...job, ...(tests ? { tests } : {}), ...(outputs ? { outputs } : {}) }
  return endJob(known, judgeJob(job.outcome, end, at.plan), at)
}

function followWorkOf(
  job: JobState,
  at: JobContext,
  then: { again(attempt: number): Turn<JobState>; ended(end: WorkEnd): Turn<JobState> },
): Turn<JobState> {
  if (!job.work) return then.again(1)
  return followWork(job, job.work, at.seen.work[job.work.key] ?? 'absent', at.now, then)
}

/** Why work that was to give something gave nothing. */
export function whyNot(end: WorkEnd): string {
  if (end.is === 'failed') return end.because
  if (end.is === 'problems') return end.problems.map((problem) => problem.text).join('; ')
  return end.is === 'cancelled' ? 'it was cancelled' : 'the answer was not the one asked for'
}

/** A cancelled run: what runs has been told to end; the job ends when that is gone. */
const lettingGo: StageRule = (job, at) => {
  const last = job.stage === 'stepping' ? lastTry(job) : undefined
  if (last) {
    const found = at.seen.commands[last.key] ?? 'absent'
    if (found === 'running') return stay(job)
    const gone: Try = { ...last, standing: 'cancelled', endedAt: at.now, because: 'was cancelled' }
    const step = at.plan.steps[job.steps.length - 1]
    const ended = typeof found === 'object' && step ? endTry(last, found.ended, step, at.now) : gone
    return endJob(replaceTry(job, ended), { standing: 'cancelled' }, at)
  }
  if (job.work && at.seen.work[job.work.key] === 'running') return stay(job)
  return endJob(job, job.outcome?.standing === 'failed' ? job.outcome : { standing: 'cancelled' }, at)
}

const stages: Record<JobStage, StageRule> = {
  waiting: (job) => stay(job),
  preparing,
  stepping,
  collecting,
  ended: (job) => stay(job),
}

/** What becomes of a job by what is seen now. */
export const advanceJob: StageRule = (job, at) =>
  at.run.cancel && job.stage !== 'ended' ? lettingGo(job, at) : stages[job.stage](job, at)
