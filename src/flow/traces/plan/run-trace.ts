import type { Instant, Verdict } from '../../../kernel/index.ts'
import type { JobState, RunState, Standing, StepPlan, Try } from '../../../pipeline/index.ts'
import { type Attributes, failureOf, idsOf, type Result, type Span, type Trace } from './span.ts'

/** Numbers of runs are those of one Plimsoll; the moment and the change tell them from those of another one. */
export const runIds = ({ id, startedAt, change }: Pick<RunState, 'id' | 'startedAt' | 'change'>) =>
  idsOf(`run/${id}/${startedAt}/${change.id}`)

const results: Readonly<Record<Standing, Result>> = {
  waiting: 'skip',
  running: 'error',
  passed: 'success',
  failed: 'failure',
  inconclusive: 'error',
  cancelled: 'cancellation',
  skipped: 'skip',
}

const verdicts: Readonly<Record<Verdict['is'], Result>> = {
  pass: 'success',
  fail: 'failure',
  inconclusive: 'error',
}

const classOf = (standing: Standing): string => (standing === 'failed' ? 'failed' : 'inconclusive')

type Place = { readonly run: RunState; readonly ids: ReturnType<typeof runIds>; readonly end: Instant }

type Task = {
  readonly key: string
  readonly name: string
  readonly parent: string
  readonly standing: Standing
  readonly startedAt: Instant
  readonly endedAt: Instant | undefined
  readonly because: string | undefined
  readonly errorType: string
  readonly more: Attributes
}

function taskSpan({ run, ids, end }: Place, task: Task): Span {
  const { key, name, parent, startedAt, because, more } = task
  const result = results[task.standing]
  const { error, type } = failureOf(result, because, task.errorType)
  return {
    id: ids.span(key),
    parent: ids.span(parent),
    name,
    kind: 'internal',
    startedAt,
    endedAt: Math.max(startedAt, task.endedAt ?? end),
    attributes: {
      'cicd.pipeline.task.name': name,
      'cicd.pipeline.task.run.id': key === '' ? run.id : key,
      'cicd.pipeline.task.run.result': result,
      'error.type': type,
      ...more,
    },
    ...(error === undefined ? {} : { error }),
  }
}

const trySpan = (place: Place, job: string, { title }: StepPlan, one: Try, number: number): Span =>
  taskSpan(place, {
    key: one.key,
    name: title,
    parent: job,
    standing: one.standing,
    startedAt: one.startedAt,
    endedAt: one.endedAt,
    because: one.because,
    errorType: typeof one.exit === 'number' ? `exit_${one.exit}` : classOf(one.standing),
    more: {
      'process.exit.code': one.exit ?? undefined,
      'plimsoll.job': job,
      'plimsoll.try': number,
    },
  })

function jobSpans(place: Place, name: string, job: JobState): Span[] {
  if (job.startedAt === undefined) return []
  const plan = place.run.plan?.jobs.find((one) => one.name === name)
  const span = taskSpan(place, {
    key: name,
    name,
    parent: '',
    standing: job.standing,
    startedAt: job.startedAt,
    endedAt: job.endedAt,
    because: job.because,
    errorType: classOf(job.standing),
    more: {
      'plimsoll.from_cache': job.fromCache ?? undefined,
      'plimsoll.tests.passed': job.tests?.passed,
      'plimsoll.tests.failed': job.tests?.failed,
      'plimsoll.tests.skipped': job.tests?.skipped,
    },
  })
  const steps = job.steps.flatMap(({ tries }, i) => {
    const step = plan?.steps[i]
    return step ? tries.map((one, n) => trySpan(place, name, step, one, n + 1)) : []
  })
  return [span, ...steps]
}

function whole({ run, ids, end }: Place): Span {
  const { change, verdict } = run
  const result = run.cancel ? 'cancellation' : verdict ? verdicts[verdict.is] : 'error'
  const because =
    verdict && verdict.is !== 'pass' ? verdict.reasons.map(({ text }) => text).join('; ') : undefined
  const { error, type } = failureOf(result, because, result === 'failure' ? 'failed' : 'inconclusive')
  return {
    id: ids.span(),
    name: `BUILD ${run.service}`,
    kind: 'server',
    startedAt: run.startedAt,
    endedAt: end,
    attributes: {
      'cicd.pipeline.name': run.service,
      'cicd.pipeline.action.name': 'BUILD',
      'cicd.pipeline.run.id': run.id,
      'cicd.pipeline.result': result,
      'error.type': type,
      'vcs.ref.head.name': change.branch === '' ? undefined : change.branch,
      'vcs.ref.head.revision': change.commit ?? change.id,
      'vcs.ref.head.type': change.branch === '' ? undefined : 'branch',
      'plimsoll.service': run.service,
      'plimsoll.release': run.release?.digest,
      'plimsoll.trial': run.trial?.for,
    },
    ...(error === undefined ? {} : { error }),
  }
}

/** The trace of a run that has ended: the run, its jobs, and each try of each of their steps. */
export function traceOfRun(run: RunState): Trace {
  const ids = runIds(run)
  const place: Place = { run, ids, end: Math.max(run.startedAt, run.endedAt ?? run.startedAt) }
  const names = run.plan?.jobs.map(({ name }) => name) ?? []
  const jobs = names.flatMap((name) => {
    const job = run.jobs[name]
    return job ? jobSpans(place, name, job) : []
  })
  return { id: ids.trace, spans: [whole(place), ...jobs] }
}
