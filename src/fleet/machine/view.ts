import type { FleetSeen, InstanceSeen } from '../fleet.ts'
import { type FleetState, type InstanceState, instanceKey } from './state.ts'

const seenOf = (fleet: string, instance: InstanceState): InstanceSeen => ({
  id: `${fleet}/${instance.index}`,
  index: instance.index,
  attempt: instance.attempt,
  phase: instance.phase,
  port: instance.port,
  since: instance.since,
  crashes: instance.crashes,
  ...(instance.because === undefined ? {} : { because: instance.because }),
  ...(instance.lastCrash === undefined ? {} : { lastCrash: instance.lastCrash }),
  ...(instance.runs === undefined ? {} : { runs: instance.runs }),
})

/** What others see of a fleet. */
export const fleetSeen = (state: FleetState | undefined): FleetSeen => ({
  spec: state?.want,
  instances: (state?.instances ?? []).map((instance) => seenOf(state?.want.fleet ?? '', instance)),
})

/** Keys of the processes that a fleet has now. */
export const liveKeys = (state: FleetState): string[] =>
  state.instances.filter((i) => i.attempt > 0).map((i) => instanceKey(state.want.fleet, i.index, i.attempt))
