import { readDeployment, readFleet } from '../records.ts'
import { type ReleaseCommand, runInRelease } from '../release-command.ts'
import type { Doer } from '../story.ts'
import type { World } from '../world.ts'

/** A command of a deployment, as the deployment wants it. */
type TaskStart = ReleaseCommand & {
  readonly fleet: string
  readonly gatewayPort: number | null
  readonly dataFolder: string | null
}

/** The gateway, or the first new instance; undefined while there is none. */
async function portOf(world: World, { gatewayPort, fleet }: TaskStart): Promise<number | undefined> {
  if (gatewayPort !== null) return gatewayPort
  const state = await readFleet(world.journal, fleet)
  return state?.instances.find(({ phase }) => phase === 'ready')?.port
}

/** Runs a command of a deployment, with the data and the address that are its environment's. */
export const startTask =
  (world: World): Doer =>
  async ({ key, spec }, { of }) => {
    if ((await readDeployment(world.journal, of.id))?.phase === 'ended') return
    const task = spec as unknown as TaskStart
    const port = await portOf(world, task)
    await runInRelease(world, key, task, {
      ...(task.dataFolder === null ? {} : { DATA_DIR: task.dataFolder }),
      ...(port === undefined ? {} : { BASE_URL: `http://127.0.0.1:${port}` }),
    })
  }
