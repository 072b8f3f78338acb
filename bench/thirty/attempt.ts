import type { DeploymentView } from '../../src/contract/index.ts'
import type { Stage } from '../../test/support/stage.ts'
import { changeOf, until } from '../../test/support/story.ts'
import type { Clients } from './clients.ts'
import { pause } from './disturbances.ts'
import { decidedAt, type Ending, endingsOf } from './endings.ts'
import { type Harm, harmOf } from './harm.ts'
import type { Release } from './releases.ts'
import { pushRelease } from './service.ts'

/** What became of a release. */
export type Outcome = {
  readonly release: Release
  readonly endings: readonly Ending[]
  /** What the deployment says. */
  readonly text: string
  /** From the canary's first answer to the decision; undefined when it never gave one. */
  readonly tookMs: number | undefined
  readonly harm: Harm
  /** By the gateway's ledger. */
  readonly lost: number
  /** Those of them that the canary had. */
  readonly lostByCanary: number
}

const longestMs = 240_000

/** The deployment of a change, once it has ended. @throws Error when there is none in time */
export const deploymentOf = (stage: Stage, commit: string): Promise<DeploymentView> =>
  until(
    `the deployment of ${commit}`,
    async () => {
      await pause(500)
      const [found] = (await changeOf(stage, commit)).deployments
      if (found?.endedAt === undefined) return undefined
      return stage.get<DeploymentView>(`/api/deployments/${encodeURIComponent(found.id)}`)
    },
    longestMs,
  )

/** Resolves with the first answer of a release that is not the live one. */
async function firstAnswer(clients: Clients, live: string, isOver: () => boolean): Promise<void> {
  const isThere = () => clients.answers().some(({ release }) => release !== undefined && release !== live)
  while (!isOver() && !isThere()) await pause(250)
}

function outcomeOf(release: Release, view: DeploymentView, clients: Clients): Outcome {
  const endedAt = view.endedAt ?? Date.now()
  const decided = decidedAt(view) ?? endedAt
  // What was under way when it was rolled back is harmed as well; what came after it had passed is no canary's.
  const until = view.standing === 'passed' ? decided : endedAt
  const harm = harmOf(clients.answers(), view.to.digest, view.from?.digest ?? '', until)
  return {
    release,
    endings: endingsOf(view),
    text: view.text,
    tookMs: harm.firstAt === undefined ? undefined : decided - harm.firstAt,
    harm,
    lost: view.ledger.lost,
    lostByCanary: view.fleets.find(({ role }) => role === 'new')?.ledger?.lost ?? 0,
  }
}

/** Deploys a release beside what is live, with clients and what else happens. */
export async function attempt(
  stage: Stage,
  clients: Clients,
  live: string,
  release: Release,
): Promise<{ outcome: Outcome; live: string }> {
  let over = false
  const isOver = () => over
  clients.turn()
  const canaryAnswers = firstAnswer(clients, live, isOver)
  const disturbed = release.disturbance?.({ stage, clients, canaryAnswers, isOver })
  try {
    const view = await deploymentOf(stage, await pushRelease(stage, release))
    const outcome = outcomeOf(release, view, clients)
    return { outcome, live: view.standing === 'passed' ? view.to.digest : live }
  } finally {
    over = true
    await Promise.all([canaryAnswers, disturbed])
  }
}
