import { type LaneState, type SpikeState, spikeName } from '../deploy/index.ts'

/** Names of all deployments that an environment ever took; its fleets are called the same. */
export const deploymentsIn = (lane: LaneState | undefined): string[] =>
  Array.from({ length: lane?.count ?? 0 }, (_, i) => `${lane?.service}.${lane?.environment}.${i + 1}`)

/** The name of the order that brings a change into its environment. */
export const spikeOrder = ({ number }: Pick<SpikeState, 'number'>, run: string): string =>
  `${spikeName(number)}/run/${run}`
