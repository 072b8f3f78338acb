import type { ContainerSpec, GroupSpec } from '../../engine/index.ts'
import { mainContainer, type ReleasedContainer, type StartSpec } from '../../fleet/index.ts'
import type { CommandSpec } from '../../host/index.ts'
import type { Digest } from '../../kernel/index.ts'
import { fillIn, splitSecrets } from '../environment-variables.ts'
import type { World } from '../world.ts'

/** One start of one instance, as its fleet decided it. */
export type InstanceStart = {
  readonly fleet: string
  readonly index: number
  readonly port: number
  readonly folder: string
  readonly release: Digest
  readonly start: StartSpec
}

const log = { maxBytes: 10 * 2 ** 20, rotate: true } as const

async function processOf(world: World, wanted: InstanceStart): Promise<CommandSpec> {
  const { portVariable, dataFolder, command, graceMs } = wanted.start
  const { env, secrets } = await fillIn(world, wanted.start.env)
  const own = {
    [portVariable]: String(wanted.port),
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

/** Where containers find the folder that outlives releases. */
const dataInside = '/data'

/** `API_KEY` → `API_KEY_FILE=/run/secrets/API_KEY`, as many images read it. */
const namedFiles = (secrets: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.keys(secrets).map((name) => [`${name}_FILE`, `/run/secrets/${name}`]))

/** What the environment gives goes to the service itself; a sidecar gets what its own part of the release says. */
async function containerOf(
  world: World,
  name: string,
  from: ReleasedContainer,
  { start, release }: InstanceStart,
): Promise<ContainerSpec> {
  const isMain = name === mainContainer
  const { env, secrets } = await splitSecrets(world, { ...from.env, ...(isMain ? start.env : {}) })
  const data = isMain ? start.dataFolder : undefined
  return {
    name,
    image: from.image,
    ...(from.command ? { argv: from.command } : {}),
    env: {
      ...(from.port === undefined ? {} : { PORT: String(from.port) }),
      ...env,
      ...namedFiles(secrets),
      RELEASE: release,
      ...(data === undefined ? {} : { DATA_DIR: dataInside }),
    },
    secrets,
    mounts: data === undefined ? [] : [{ from: data, to: dataInside, writable: true }],
    ...(from.cpus === undefined ? {} : { cpus: from.cpus }),
    ...(from.memoryBytes === undefined ? {} : { memoryBytes: from.memoryBytes }),
    writable: from.writable,
    capabilities: from.capabilities,
    essential: from.essential,
  }
}

async function groupOf(world: World, wanted: InstanceStart): Promise<GroupSpec> {
  const released = Object.entries(await world.instances.containersOf(wanted.release))
  // The one that takes requests holds the network of all.
  const ordered = released.toSorted(([, a], [, b]) => Number(b.port ?? 0) - Number(a.port ?? 0))
  const [first, ...others] = await Promise.all(
    ordered.map(([name, from]) => containerOf(world, name, from, wanted)),
  )
  if (!first) throw new Error(`the release ${wanted.release} has no containers`)
  const containers: GroupSpec['containers'] = [first, ...others]
  const inside = ordered[0]?.[1].port
  return {
    containers,
    ...(inside === undefined ? {} : { port: { inside, outside: wanted.port } }),
    secrets: [...new Set(containers.flatMap(({ secrets }) => Object.values(secrets)))],
    graceMs: wanted.start.graceMs,
    log,
  }
}

/** What is to be started for an instance: a process, or a group of containers. */
export const commandOf = (world: World, wanted: InstanceStart): Promise<CommandSpec | GroupSpec> =>
  wanted.start.target === 'docker' ? groupOf(world, wanted) : processOf(world, wanted)
