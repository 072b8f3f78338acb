import type { ChangeView, DeploymentView, RunView, ServicesView } from '../../src/contract/index.ts'
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

const changeOf = (stage: Stage, commit: string): Promise<ChangeView> =>
  stage.get(`/api/services/${stage.service}/changes/${commit}`)

/** The run of a change, once it has ended. */
export const runEnds = (stage: Stage, commit: string): Promise<RunView> =>
  until(`the run of ${commit}`, async () => {
    const [run] = (await changeOf(stage, commit)).runs
    return run?.endedAt === undefined ? undefined : run
  })

/** The deployment of a change into an environment, once it has ended. */
export const deploymentEnds = (stage: Stage, commit: string, environment: string): Promise<DeploymentView> =>
  until(`the deployment of ${commit} to ${environment}`, async () => {
    const found = (await changeOf(stage, commit)).deployments.find(
      (one) => one.environment === environment && one.endedAt !== undefined,
    )
    return found && stage.get<DeploymentView>(`/api/deployments/${encodeURIComponent(found.id)}`)
  })

export const services = (stage: Stage): Promise<ServicesView> => stage.get('/api/services')
