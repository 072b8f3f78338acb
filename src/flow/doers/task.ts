import type { GroupSpec } from '../../engine/index.ts'
import { mainContainer, type TargetName } from '../../fleet/index.ts'
import type { CommandSpec } from '../../host/index.ts'
import type { Digest, Variables } from '../../kernel/index.ts'
import { fillIn } from '../environment-variables.ts'
import { readFleet } from '../records.ts'
import type { Doer } from '../story.ts'
import type { World } from '../world.ts'
import { containerOf, inShell } from './container.ts'

/** A command of a deployment, as the deployment wants it. */
type TaskStart = {
  readonly run: string
  readonly timeoutMs: number
  readonly graceMs: number
  readonly release: Digest
  readonly fleet: string
  readonly gatewayPort: number | null
  readonly env: Variables
  readonly dataFolder: string | null
  /** Processes when not given. */
  readonly target?: TargetName
}

const log = { maxBytes: 10 * 2 ** 20, rotate: false } as const

const limitsOf = ({ timeoutMs, graceMs }: TaskStart) => ({ timeoutMs, graceMs, log })

/** The gateway, or the first new instance; nothing while there is none. */
async function addressOf(world: World, { gatewayPort, fleet }: TaskStart): Promise<Record<string, string>> {
  const state = gatewayPort === null ? await readFleet(world.journal, fleet) : undefined
  const port = gatewayPort ?? state?.instances.find(({ phase }) => phase === 'ready')?.port
  return port === undefined ? {} : { BASE_URL: `http://127.0.0.1:${port}` }
}

/** In the unpacked files of the release. */
async function processOf(world: World, task: TaskStart): Promise<CommandSpec> {
  const cwd = await world.instances.folderOf(task.release, 'process')
  if (cwd === undefined) throw new Error(`release ${task.release} could not be unpacked`)
  const { env, secrets } = await fillIn(world, task.env)
  const data = task.dataFolder === null ? {} : { DATA_DIR: task.dataFolder }
  return {
    argv: ['/bin/sh', '-eu', '-c', task.run],
    cwd,
    env: { ...env, RELEASE: task.release, ...data, ...(await addressOf(world, task)) },
    secrets,
    ...limitsOf(task),
  }
}

/** In the image of the service itself, with its rights and limits. */
async function containerOfTask(world: World, task: TaskStart): Promise<GroupSpec> {
  const { release, env, dataFolder } = task
  const from = (await world.instances.containersOf(release))[mainContainer]
  if (!from) throw new Error(`the release ${release} has no container ${mainContainer}`)
  const given = { release, env, ...(dataFolder === null ? {} : { dataFolder }) }
  const container = await containerOf(world, mainContainer, from, given)
  const address = await addressOf(world, task)
  return {
    containers: [
      { ...container, ...inShell(task.run), env: { ...container.env, ...address }, essential: true },
    ],
    // The gateway and the instances listen on this machine's loopback.
    ...('BASE_URL' in address ? { network: 'host' as const } : {}),
    secrets: Object.values(container.secrets),
    ...limitsOf(task),
  }
}

/** Runs a command where its instances run; where it is there already it is not started twice. */
export const startTask =
  (world: World): Doer =>
  async ({ key, spec }) => {
    const task = spec as unknown as TaskStart
    const { release, target = 'process' } = task
    await world.instances.unpack(release, target)
    const command = target === 'docker' ? containerOfTask(world, task) : processOf(world, task)
    await world.commands.start(key, await command)
  }
