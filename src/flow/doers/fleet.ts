import { type FleetSpec, newFleet, type TargetName } from '../../fleet/index.ts'
import type { Digest, Fence, Json, Key } from '../../kernel/index.ts'
import { fleetRef, readFleet } from '../records.ts'
import type { Runner } from '../runner.ts'
import type { Doer } from '../story.ts'
import type { World } from '../world.ts'
import { commandOf, type InstanceStart } from './instance.ts'

const startInstance =
  (world: World): Doer =>
  async ({ key, spec }) =>
    world.commands.start(key, await commandOf(world, key, spec as unknown as InstanceStart))

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
  'release.unpack': ({ spec }) => {
    const { release, target = 'process' } = spec as { release: Digest; target?: TargetName }
    return world.instances.unpack(release, target)
  },
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
