import { formatDuration } from '../../kernel/index.ts'
import type { RunState } from '../../pipeline/index.ts'
import { aroundOf, type Finding, foreseeDuration, type Took } from '../../predict/index.ts'
import { futurePlacesIn } from '../futures.ts'
import { readService } from '../records.ts'
import { isGuarded } from '../service.ts'
import type { Foreteller } from './index.ts'

/** So many runs back it is looked. */
const lookedAt = 1_000
/** Of so many days. */
const lookBackMs = 60 * 86_400_000

/** A job that is not seen to come near its timeout is not told of: nobody has asked. */
const isComing = (finding: Finding): boolean =>
  finding.is === 'foreseen' && finding.crossing.date !== undefined

/** Runs that said something: one that failed ended before its time. */
const isWhole = ({ verdict }: RunState): boolean => verdict?.is === 'pass'

function jobsOf(runs: readonly RunState[]): ReadonlyMap<string, readonly Took[]> {
  const all = runs.flatMap(({ jobs }) =>
    Object.entries(jobs).flatMap(([name, { startedAt, endedAt, fromCache }]) =>
      startedAt === undefined || endedAt === undefined || fromCache
        ? []
        : [{ name, took: { at: endedAt, ms: endedAt - startedAt } }],
    ),
  )
  return new Map(
    [...Map.groupBy(all, ({ name }) => name)].map(([name, of]) => [name, of.map(({ took }) => took)]),
  )
}

/** How long the pipeline of the protected branch takes. It is told of once, where the service's way ends. */
export const foreseePipeline: Foreteller = async (world, { service, environment, config }, at) => {
  if (futurePlacesIn(config)[0] !== environment) return []
  const state = await readService(world.journal, service)
  const runs = (await world.journal.list({ kind: 'run', limit: lookedAt }))
    .map((record) => record.state as unknown as RunState)
    .filter((run) => run.service === service && state !== undefined && isGuarded(state, run) && isWhole(run))
    .filter(({ endedAt = 0 }) => at - endedAt < lookBackMs)
  const around = aroundOf(config.predict, at)
  const took = jobsOf(runs)
  const jobs = Object.entries(config.pipeline).flatMap(([name, { timeout }]) => {
    const subject = `job ${name} of its pipeline`
    const limit = `its timeout of ${formatDuration(timeout)}`
    const one = { name, subject, limitMs: timeout, limit, took: took.get(name) ?? [] }
    const finding = foreseeDuration(one, around)
    return isComing(finding) ? [finding] : []
  })
  const { pipeline } = config.predict
  if (pipeline === undefined) return jobs
  const whole = runs.map(({ startedAt, endedAt = at }) => ({ at: endedAt, ms: endedAt - startedAt }))
  const limit = `${formatDuration(pipeline)}, which is the longest it may`
  const all = { name: 'pipeline', subject: 'its pipeline', limitMs: pipeline, limit, took: whole }
  // A job of that name goes by another.
  return [
    foreseeDuration(all, around),
    ...jobs.map((job) => ({ ...job, name: job.name === 'pipeline' ? 'job pipeline' : job.name })),
  ]
}
