import type { GroupSpec } from '../../engine/index.ts'
import { limitedAs, type StartSpec } from '../../fleet/index.ts'
import type { CommandSpec } from '../../host/index.ts'
import type { Digest, Key } from '../../kernel/index.ts'
import { fillIn } from '../environment-variables.ts'
import type { World } from '../world.ts'
import { containerOf } from './container.ts'

/** One start of one instance, as its fleet decided it. */
export type InstanceStart = {
  readonly fleet: string
  readonly index: number
  /** None for a worker. */
  readonly port?: number
  readonly folder: string
  readonly release: Digest
  readonly start: StartSpec
}

const log = { maxBytes: 10 * 2 ** 20, rotate: true } as const

async function processOf(world: World, key: Key, wanted: InstanceStart): Promise<CommandSpec> {
  const { portVariable, dataFolder, command, graceMs, worker } = wanted.start
  const { env, secrets } = await fillIn(world, wanted.start.env)
  const own = {
    ...(wanted.port === undefined ? {} : { [portVariable]: String(wanted.port) }),
    ...(worker?.ready === 'file' ? { READY_FILE: await world.instances.readyFile(key) } : {}),
    RELEASE: wanted.release,
    ...(dataFolder ? { DATA_DIR: dataFolder } : {}),
  }
  return {
    argv: ['/bin/sh', '-c', command],
    cwd: wanted.folder,
    env: { ...env, ...own },
    secrets,
    graceMs,
    log,
  }
}

async function groupOf(world: World, wanted: InstanceStart): Promise<GroupSpec> {
  const { dataFolder, env, graceMs } = wanted.start
  const given = { release: wanted.release, env, ...(dataFolder === undefined ? {} : { dataFolder }) }
  const released = Object.entries(await world.instances.containersOf(wanted.release))
  // The one that takes requests holds the network of all.
  const ordered = released.toSorted(([, a], [, b]) => Number(b.port ?? 0) - Number(a.port ?? 0))
  const [first, ...others] = await Promise.all(
    ordered.map(([name, from]) =>
      containerOf(world, name, limitedAs(name, from, wanted.start.limits), given),
    ),
  )
  if (!first) throw new Error(`the release ${wanted.release} has no containers`)
  const containers: GroupSpec['containers'] = [first, ...others]
  const inside = ordered[0]?.[1].port
  return {
    containers,
    ...(inside === undefined || wanted.port === undefined ? {} : { port: { inside, outside: wanted.port } }),
    secrets: [...new Set(containers.flatMap(({ secrets }) => Object.values(secrets)))],
    graceMs,
    log,
  }
}

/** What is to be started for an instance: a process, or a group of containers. */
export const commandOf = (world: World, key: Key, wanted: InstanceStart): Promise<CommandSpec | GroupSpec> =>
  wanted.start.target === 'docker' ? groupOf(world, wanted) : processOf(world, key, wanted)
