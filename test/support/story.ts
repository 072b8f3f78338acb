import type {
  ChangeView,
  ComparisonView,
  DeploymentView,
  LoadTestView,
  RunView,
  ServicesView,
} from '../../src/contract/index.ts'
import { formatDuration } from '../../src/kernel/index.ts'
import type { Stage } from './stage.ts'

const pollMs = 200

const pause = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs))

/** Asks until there is an answer. @throws Error when there is none in time */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined>,
  limitMs = 90_000,
): Promise<T> {
  const end = Date.now() + limitMs
  for (;;) {
    const seen = await look().catch(() => undefined)
    if (seen !== undefined) return seen
    if (Date.now() > end) throw new Error(`${what}: not within ${formatDuration(limitMs)}`)
    await pause(pollMs)
  }
}

export const changeOf = (stage: Stage, commit: string): Promise<ChangeView> =>
  stage.get(`/api/services/${stage.service}/changes/${commit}`)

/** The run of a change, once it has ended. */
export const runEnds = (stage: Stage, commit: string): Promise<RunView> =>
  until(`the run of ${commit}`, async () => {
    const [run] = (await changeOf(stage, commit)).runs
    return run?.endedAt === undefined ? undefined : run
  })

/** The deployment of a change into an environment, once it has ended and the environment has let go of it. */
export const deploymentEnds = (stage: Stage, commit: string, environment: string): Promise<DeploymentView> =>
  until(`the deployment of ${commit} to ${environment}`, async () => {
    const found = (await changeOf(stage, commit)).deployments.find(
      (one) => one.environment === environment && one.endedAt !== undefined,
    )
    if (!found) return undefined
    const rows = (await services(stage)).services.find(({ name }) => name === stage.service)?.environments
    if (rows?.some(({ deployment }) => deployment === found.id)) return undefined
    return stage.get<DeploymentView>(`/api/deployments/${encodeURIComponent(found.id)}`)
  })

/**
 * The comparison of a change with what ran, once it has ended.
 * @param onRound told what each round showed
 */
export async function comparisonEnds(
  stage: Stage,
  commit: string,
  onRound: (text: string) => void = () => {},
): Promise<ComparisonView> {
  let told = 0
  return until(
    `the comparison of ${commit}`,
    async () => {
      const [found] = (await changeOf(stage, commit)).comparisons
      const view = found && (await stage.get<ComparisonView>(`/api/comparisons/${found.id}`))
      for (const { base, change, void: because } of view?.rounds.slice(told) ?? []) {
        told += 1
        onRound(
          `round ${told}: ${Math.round(base)}/s and ${Math.round(change)}/s${because ? ` (${because})` : ''}`,
        )
      }
      return view?.endedAt === undefined ? undefined : view
    },
    240_000,
  )
}

/** The load test of an environment with this number, once it has ended. */
export const loadTestEnds = (stage: Stage, environment: string, number: number): Promise<LoadTestView> =>
  until(
    `load test ${number} of ${environment}`,
    async () => {
      const id = `${stage.service}.${environment}.test-${number}`
      const view = await stage.get<LoadTestView>(`/api/load-tests/${id}`)
      return view.endedAt === undefined ? undefined : view
    },
    120_000,
  )

export const services = (stage: Stage): Promise<ServicesView> => stage.get('/api/services')

/** The deployment that goes on in production, once it shows what is waited for. */
export const deploymentUnderWay = (
  stage: Stage,
  what: string,
  shows: (view: DeploymentView) => boolean,
): Promise<DeploymentView> =>
  until(what, async () => {
    const rows = (await services(stage)).services[0]?.environments
    const id = rows?.find(({ name }) => name === 'production')?.deployment
    const view = id && (await stage.get<DeploymentView>(`/api/deployments/${encodeURIComponent(id)}`))
    return view && shows(view) ? view : undefined
  })
