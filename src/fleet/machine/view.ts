import type { FleetSeen, InstanceSeen } from '../fleet.ts'
import type { FleetState, InstanceState } from './state.ts'

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
  ...(instance.size === undefined ? {} : { size: instance.size }),
})

/** What others see of a fleet. */
export const fleetSeen = (state: FleetState | undefined): FleetSeen => ({
  spec: state?.want,
  instances: (state?.instances ?? []).map((instance) => seenOf(state?.want.fleet ?? '', instance)),
})
