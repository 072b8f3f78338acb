import type { DeploymentState } from '../../deploy/index.ts'
import type { World } from '../../flow/world.ts'
import type { CompareState } from '../../load/index.ts'
import type { RunState } from '../../pipeline/index.ts'

/** How far back the lists go. */
export const recent = 200

// Records of one kind are written by one machine, so their state has its type.
export const runsOf = async (world: World, service?: string): Promise<RunState[]> =>
  (await world.journal.list({ kind: 'run', limit: recent }))
    .map((record) => record.state as unknown as RunState)
    .filter((run) => service === undefined || run.service === service)

export const deploymentsOf = async (world: World): Promise<DeploymentState[]> =>
  (await world.journal.list({ kind: 'deployment', limit: recent })).map(
    (record) => record.state as unknown as DeploymentState,
  )

export const comparisonsIn = async (world: World, service: string): Promise<CompareState[]> =>
  (await world.journal.list({ kind: 'comparison', limit: recent }))
    .map((record) => record.state as unknown as CompareState)
    .filter((one) => one.service === service)
