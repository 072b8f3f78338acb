import { type FleetState, liveKeys } from '../fleet/index.ts'
import { type CompareState, compareKey } from '../load/index.ts'
import type { RealWorld } from './world/index.ts'

/** Gateways let what is in flight be answered for so long. */
const drainMs = 10_000
const comparisonGraceMs = 20_000

async function stopInstances(world: RealWorld): Promise<void> {
  const fleets = await world.journal.list({ kind: 'fleet', ended: false })
  const keys = fleets.flatMap((record) => {
    const state = record.state as unknown as FleetState
    return liveKeys(state).map((key) => ({ key, graceMs: state.want.start.graceMs }))
  })
  await Promise.all(keys.map(({ key, graceMs }) => world.commands.cancel(key, graceMs)))
  await Promise.all(keys.map(({ key }) => untilEnded(world, key)))
}

async function untilEnded(world: RealWorld, key: string): Promise<void> {
  while ((await world.commands.find(key)) === 'running') await world.clock.until(world.clock.now() + 50)
}

/** They begin again with the next `up`; nobody wants load on a machine where everything was stopped. */
async function stopComparisons(world: RealWorld): Promise<void> {
  const open = await world.journal.list({ kind: 'comparison', ended: false })
  const keys = open.flatMap((record) => {
    const { id, phase, tries } = record.state as unknown as CompareState
    return phase === 'running' ? [compareKey(id, tries)] : []
  })
  await Promise.all(keys.map((key) => world.comparisons.cancel(key, comparisonGraceMs)))
  await Promise.all(keys.map((key) => untilEnded(world, key)))
}

/** Gateways first, so that nobody is sent to an instance that goes; then instances. They are started again with the next `up`. */
export async function stopEverything(world: RealWorld): Promise<void> {
  await world.gateways.stopAll(drainMs)
  await Promise.all([stopInstances(world), stopComparisons(world)])
}
