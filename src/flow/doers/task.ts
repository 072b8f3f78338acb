import { commandAt, taskKey } from '../../deploy/index.ts'
import type { GroupSpec } from '../../engine/index.ts'
import { mainContainer, type TargetName } from '../../fleet/index.ts'
import type { Key, Ref } from '../../kernel/index.ts'
import { readDeployment, readFleet, readLoadTest } from '../records.ts'
import { type ReleaseCommand, releaseCommandLimits, runInRelease } from '../release-command.ts'
import type { Doer } from '../story.ts'
import { spanOfStage } from '../traces/parents.ts'
import type { World } from '../world.ts'
import { containerOf, inShell } from './container.ts'

/** A command of a deployment, as the deployment wants it. */
type TaskStart = ReleaseCommand & {
  readonly fleet: string
  readonly gatewayPort: number | null
  readonly dataFolder: string | null
  /** Processes when not given. */
  readonly target?: TargetName
}

/** The gateway, or the first new instance; nothing while there is none. */
async function addressOf(world: World, { gatewayPort, fleet }: TaskStart): Promise<Record<string, string>> {
  const state = gatewayPort === null ? await readFleet(world.journal, fleet) : undefined
  const port = gatewayPort ?? state?.instances.find(({ phase }) => phase === 'ready')?.port
  return port === undefined ? {} : { BASE_URL: `http://127.0.0.1:${port}` }
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
    ...releaseCommandLimits(task),
  }
}

/** What kept it from being started (a secret without a value) may be over only when nobody wants it any more. */
async function isWanted({ journal }: World, key: Key, of: Ref): Promise<boolean> {
  if (of.kind === 'loadTest') return commandAt(await readLoadTest(journal, of.id)) === key
  const state = await readDeployment(journal, of.id)
  const stage = state?.stages[state.at]
  return (
    state !== undefined && state.phase !== 'ended' && stage?.do === 'task' && taskKey(state, stage) === key
  )
}

/**
 * Runs a command of a deployment, or around a load test, where the instances run, with the data and the address that are
 * their environment's; where it is there already it is not started twice.
 */
export const startTask =
  (world: World): Doer =>
  async ({ key, spec }, { of }) => {
    if (!(await isWanted(world, key, of))) return
    const asked = spec as unknown as TaskStart
    const span = of.kind === 'deployment' ? await spanOfStage(world, of.id) : {}
    const task = { ...asked, env: { ...span, ...asked.env } }
    if (task.target === 'docker') {
      await world.instances.unpack(task.release, 'docker')
      return world.commands.start(key, await containerOfTask(world, task))
    }
    const data = task.dataFolder === null ? {} : { DATA_DIR: task.dataFolder }
    await runInRelease(world, key, task, { ...data, ...(await addressOf(world, task)) })
  }
