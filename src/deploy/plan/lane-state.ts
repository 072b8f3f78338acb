import type { Digest, Happening, Instant, Json } from '../../kernel/index.ts'
import type { DeploymentOrder } from './order.ts'
import type { Waiver } from './waiver.ts'

/** Who has the environment to himself: a deployment until it ends, or a person until the lock expires. */
export type Holder = {
  readonly deployment?: string
  readonly owner: string
  readonly reason: string
  readonly since: Instant
  readonly until?: Instant
}

export type Live = {
  readonly release: Digest
  readonly fleet: string
  readonly size: number
  readonly deployment: string
  readonly since: Instant
}

/** The journal's state of an environment: what runs there, who may change it, and who waits to. */
export type LaneState = {
  readonly service: string
  readonly environment: string
  /** Deployments asked for so far; the number of the newest. */
  readonly count: number
  readonly holder?: Holder
  readonly queue: readonly Holder[]
  readonly live?: Live
  /** Releases that ran here before, newest first. */
  readonly before: readonly Live[]
  /** Releases that were undone here, by the deployment that tried them: not brought again by itself. */
  readonly rejected: Readonly<Record<Digest, string>>
  /** Names of the latest orders, so that an order that arrives twice is taken once. */
  readonly orders: readonly string[]
  readonly lastDeployment?: string
  /** Gates that a person lets through for a while. */
  readonly waivers?: readonly Waiver[]
}

export type LaneCommand =
  | { readonly is: 'order'; readonly order: DeploymentOrder }
  | { readonly is: 'ended'; readonly deployment: string; readonly live?: Live; readonly rejected?: Digest }
  | { readonly is: 'lock'; readonly owner: string; readonly reason: string; readonly until?: Instant }
  | { readonly is: 'unlock'; readonly owner: string }
  | {
      readonly is: 'waive'
      readonly gate: string
      readonly owner: string
      readonly reason: string
      readonly until: Instant
    }
  | { readonly is: 'unwaive'; readonly gate: string; readonly owner: string }

export const laneId = (service: string, environment: string): string => `${service}.${environment}`
export const deploymentId = (service: string, environment: string, number: number): string =>
  `${service}.${environment}.${number}`

export const newLane = (service: string, environment: string): LaneState => ({
  service,
  environment,
  count: 0,
  queue: [],
  before: [],
  rejected: {},
  orders: [],
})

/** Something that happened to an environment. */
export const tell = (
  state: LaneState,
  type: string,
  more: { readonly [key: string]: Json } = {},
): Happening => ({
  type,
  body: { service: state.service, environment: state.environment, ...more },
})
