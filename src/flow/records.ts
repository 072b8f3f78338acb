import type {
  CheckState,
  DeploymentState,
  LaneState,
  LifeState,
  SpikeState,
  SqueezeState,
  WatchState,
} from '../deploy/index.ts'
import { laneId } from '../deploy/index.ts'
import type { FleetState } from '../fleet/index.ts'
import type { Ref } from '../kernel/index.ts'
import type { CompareState } from '../load/index.ts'
import { type NotifierState, notifierId } from '../notify/index.ts'
import type { RunState } from '../pipeline/index.ts'
import type { ForetoldState, FuturePlace, FutureState } from '../predict/index.ts'
import type { Journal } from '../store/index.ts'
import type { AlertsState, HeartbeatState } from '../watch/index.ts'
import type { ServiceState } from './service.ts'

/** Names and types of the records in the journal, in one place. */
export const fleetRef = (fleet: string): Ref => ({ kind: 'fleet', id: fleet })
export const laneRef = (service: string, environment: string): Ref => ({
  kind: 'environment',
  id: laneId(service, environment),
})
export const deploymentRef = (id: string): Ref => ({ kind: 'deployment', id })
export const comparisonRef = (id: string): Ref => ({ kind: 'comparison', id })
export const loadTestRef = (id: string): Ref => ({ kind: 'loadTest', id })
export const squeezeRef = (id: string): Ref => ({ kind: 'squeeze', id })
export const checkRef = (id: string): Ref => ({ kind: 'check', id })
export const alertsRef = (service: string): Ref => ({ kind: 'alerts', id: service })
export const heartbeatRef = (service: string, environment: string, name: string): Ref => ({
  kind: 'heartbeat',
  id: `${laneId(service, environment)}.${name}`,
})
export const foretoldRef = (service: string, environment: string): Ref => ({
  kind: 'foretold',
  id: laneId(service, environment),
})
export const futureRef = ({ service, environment, kind, name }: FuturePlace): Ref => ({
  kind: 'future',
  id: `${laneId(service, environment)}.${kind}.${name}`,
})
export const notifierRef = (service: string, name: string): Ref => ({
  kind: 'notifier',
  id: notifierId(service, name),
})
export const runRef = (id: string): Ref => ({ kind: 'run', id })
export const spikeRef = (id: string): Ref => ({ kind: 'spike', id })
export const inStepRef = (service: string, environment: string): Ref => ({
  kind: 'inStep',
  id: laneId(service, environment),
})
export const serviceRef = (name: string): Ref => ({ kind: 'service', id: name })

async function stateOf(journal: Journal, of: Ref): Promise<unknown> {
  return (await journal.read(of))?.state
}

// Each kind of record is written by one machine only, so its state has that machine's type.
export const readFleet = async (journal: Journal, fleet: string) =>
  (await stateOf(journal, fleetRef(fleet))) as FleetState | undefined
export const readLane = async (journal: Journal, id: string) =>
  (await stateOf(journal, { kind: 'environment', id })) as LaneState | undefined
export const readDeployment = async (journal: Journal, id: string) =>
  (await stateOf(journal, deploymentRef(id))) as DeploymentState | undefined
export const readWatch = async (journal: Journal, of: Ref) =>
  (await stateOf(journal, of)) as WatchState | undefined
export const readLoadTest = async (journal: Journal, id: string) =>
  (await stateOf(journal, loadTestRef(id))) as LifeState | undefined
export const readSqueeze = async (journal: Journal, id: string) =>
  (await stateOf(journal, squeezeRef(id))) as SqueezeState | undefined
export const readCheck = async (journal: Journal, id: string) =>
  (await stateOf(journal, checkRef(id))) as CheckState | undefined
export const readNotifier = async (journal: Journal, service: string, name: string) =>
  (await stateOf(journal, notifierRef(service, name))) as NotifierState | undefined
export const readRun = async (journal: Journal, id: string) =>
  (await stateOf(journal, runRef(id))) as RunState | undefined
export const readService = async (journal: Journal, name: string) =>
  (await stateOf(journal, serviceRef(name))) as ServiceState | undefined
export const readComparison = async (journal: Journal, id: string) =>
  (await stateOf(journal, comparisonRef(id))) as CompareState | undefined
export const readSpike = async (journal: Journal, id: string) =>
  (await stateOf(journal, spikeRef(id))) as SpikeState | undefined
export const readHeartbeat = async (journal: Journal, of: Ref) =>
  (await stateOf(journal, of)) as HeartbeatState | undefined
export const readForetold = async (journal: Journal, of: Ref) =>
  (await stateOf(journal, of)) as ForetoldState | undefined
/** All that is kept of what was forecast. */
export const readForetolds = async (journal: Journal) =>
  (await journal.list({ kind: 'foretold', ended: false })).map(
    ({ state }) => state as unknown as ForetoldState,
  )
export const readFuture = async (journal: Journal, of: FuturePlace) =>
  (await stateOf(journal, futureRef(of))) as FutureState | undefined
/** All that is looked ahead at, of all services. */
export const readFutures = async (journal: Journal) =>
  (await journal.list({ kind: 'future', ended: false })).map(({ state }) => state as unknown as FutureState)
export const readAlerts = async (journal: Journal, service: string) =>
  (await stateOf(journal, alertsRef(service))) as AlertsState | undefined
