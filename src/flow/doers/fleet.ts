import { type FleetSpec, newFleet, type StartSpec } from '../../fleet/index.ts'
import type { Digest, Fence, Json, Key } from '../../kernel/index.ts'
import { fillIn } from '../environment-variables.ts'
import { fleetRef, readFleet } from '../records.ts'
import type { Runner } from '../runner.ts'
import type { Doer } from '../story.ts'
import type { World } from '../world.ts'

type InstanceStart = {
  readonly fleet: string
  readonly index: number
  readonly port?: number
  readonly folder: string
  readonly release: Digest
  readonly start: StartSpec
}

async function environmentOf(
  world: World,
  key: Key,
  spec: InstanceStart,
): Promise<{ env: Record<string, string>; secrets: string[] }> {
  const { portVariable, dataFolder, worker } = spec.start
  const { env, secrets } = await fillIn(world, spec.start.env)
  const own = {
    ...(spec.port === undefined ? {} : { [portVariable]: String(spec.port) }),
    ...(worker?.ready === 'file' ? { READY_FILE: await world.instances.readyFile(key) } : {}),
    RELEASE: spec.release,
    ...(dataFolder ? { DATA_DIR: dataFolder } : {}),
  }
  return { env: { ...env, ...own }, secrets }
}

const logBytes = 10 * 2 ** 20

const startInstance =
  (world: World): Doer =>
  async ({ key, spec }) => {
    const wanted = spec as unknown as InstanceStart
    const { env, secrets } = await environmentOf(world, key, wanted)
    await world.commands.start(key, {
      argv: ['/bin/sh', '-c', wanted.start.command],
      cwd: wanted.folder,
      env,
      secrets,
      graceMs: wanted.start.graceMs,
      log: { maxBytes: logBytes, rotate: true },
    })
  }

/** Makes the fleet, or changes what is wanted of it. */
async function want(runner: Runner, spec: FleetSpec, fence: Fence): Promise<void> {
  const of = fleetRef(spec.fleet)
  const made = await runner.create(of, newFleet(spec, fence) as unknown as Json)
  if (made === 'exists') await runner.tell(of, { is: 'want', want: spec, fence })
}

async function resize(
  world: World,
  runner: Runner,
  fleet: string,
  size: number,
  fence: Fence,
): Promise<void> {
  const state = await readFleet(world.journal, fleet)
  if (state) await runner.tell(fleetRef(fleet), { is: 'want', want: { ...state.want, size }, fence })
}

export const fleetDoers = (world: World, runner: () => Runner): Readonly<Record<string, Doer>> => ({
  'release.unpack': ({ spec }) => world.instances.unpack((spec as { release: Digest }).release),
  'instance.start': startInstance(world),
  'instance.cancel': ({ spec }) => {
    const { key, graceMs } = spec as { key: Key; graceMs: number }
    return world.commands.cancel(key, graceMs)
  },
  'fleet.apply': ({ spec }) => {
    const { want: wanted, fence } = spec as unknown as { want: FleetSpec; fence: Fence }
    return want(runner(), wanted, fence)
  },
  'fleet.resize': ({ spec }) => {
    const { fleet, size, fence } = spec as { fleet: string; size: number; fence: Fence }
    return resize(world, runner(), fleet, size, fence)
  },
})
