import type { Digest } from '../../kernel/index.ts'
import { fillIn } from '../environment-variables.ts'
import { readDeployment, readFleet } from '../records.ts'
import type { Doer } from '../story.ts'
import type { World } from '../world.ts'

/** A command of a deployment, as the deployment wants it. */
type TaskStart = {
  readonly run: string
  readonly timeoutMs: number
  readonly graceMs: number
  readonly release: Digest
  readonly fleet: string
  readonly gatewayPort: number | null
  readonly env: Readonly<Record<string, string | { readonly secret: string }>>
  readonly dataFolder: string | null
}

const logBytes = 10 * 2 ** 20

/** The gateway, or the first new instance; undefined while there is none. */
async function portOf(world: World, { gatewayPort, fleet }: TaskStart): Promise<number | undefined> {
  if (gatewayPort !== null) return gatewayPort
  const state = await readFleet(world.journal, fleet)
  return state?.instances.find(({ phase }) => phase === 'ready')?.port
}

/** Runs a command in the unpacked release; where it is there already it is not started twice. */
export const startTask =
  (world: World): Doer =>
  async ({ key, spec }, { of }) => {
    if ((await readDeployment(world.journal, of.id))?.phase === 'ended') return
    const task = spec as unknown as TaskStart
    await world.instances.unpack(task.release)
    const cwd = await world.instances.folderOf(task.release)
    if (cwd === undefined) throw new Error(`release ${task.release} could not be unpacked`)
    const { env, secrets } = await fillIn(world, task.env)
    const port = await portOf(world, task)
    await world.commands.start(key, {
      argv: ['/bin/sh', '-eu', '-c', task.run],
      cwd,
      env: {
        ...env,
        RELEASE: task.release,
        ...(task.dataFolder === null ? {} : { DATA_DIR: task.dataFolder }),
        ...(port === undefined ? {} : { BASE_URL: `http://127.0.0.1:${port}` }),
      },
      secrets,
      timeoutMs: task.timeoutMs,
      graceMs: task.graceMs,
      log: { maxBytes: logBytes, rotate: false },
    })
  }
