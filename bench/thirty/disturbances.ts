import type { Stage } from '../../test/support/stage.ts'
import type { Clients } from './clients.ts'
import { setOutage } from './service.ts'

export type Scene = {
  readonly stage: Stage
  readonly clients: Clients
  /** Resolves with the first answer of the canary, or when all is over without one. */
  readonly canaryAnswers: Promise<void>
  readonly isOver: () => boolean
}

/** What happens beside a deployment that has nothing to do with its release. */
export type Disturbance = (scene: Scene) => Promise<void>

export const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs))

/** For so long, or until the deployment is over. */
async function pauseIn({ isOver }: Scene, durationMs: number): Promise<void> {
  for (const end = Date.now() + durationMs; Date.now() < end && !isOver(); ) await pause(250)
}

/** Five seconds more, five seconds less. */
export const swings: Disturbance = async (scene) => {
  while (!scene.isOver()) {
    const more = scene.clients.more(60)
    await pauseIn(scene, 5_000)
    await more.stop()
    await pauseIn(scene, 5_000)
  }
}

/** From ten seconds after the canary's first answer to the end. */
export const doubles: Disturbance = async (scene) => {
  await scene.canaryAnswers
  await pauseIn(scene, 10_000)
  const more = scene.clients.more(80)
  while (!scene.isOver()) await pause(250)
  await more.stop()
}

/** For eight seconds, from ten seconds after the canary's first answer on. */
export const outage: Disturbance = async (scene) => {
  await scene.canaryAnswers
  await pauseIn(scene, 10_000)
  await setOutage(scene.stage, true)
  await pauseIn(scene, 8_000)
  await setOutage(scene.stage, false)
}
