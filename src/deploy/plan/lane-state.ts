import type { Digest, Happening, Instant, Json } from '../../kernel/index.ts'
import type { DeploymentKind, DeploymentOrder } from './order.ts'
import type { Schema } from './schema.ts'
import type { Waiver } from './waiver.ts'

/** Who has the environment to himself: a deployment until it ends, or a person until the lock expires. */
export type Holder = {
  readonly deployment?: string
  /** A load test, until it is over. */
  readonly test?: string
  /** Of the deployment: its number, what it brings, and whether it is a way back. */
  readonly number?: number
  readonly release?: Digest
  readonly kind?: DeploymentKind
  /** Of its turn: what it does to the environment comes after all that was done before. */
  readonly fence?: number
  readonly owner: string
  readonly reason: string
  readonly since: Instant
  readonly until?: Instant
}

/** Why a deployment that waits is ended by a newer one: that went live, or waits in its place. */
export type Superseded = { readonly by: string; readonly how: 'overtaken' | 'joined' }

export type Live = {
  readonly release: Digest
  readonly fleet: string
  readonly size: number
  readonly deployment: string
  readonly since: Instant
}

/** A migration was begun here, after which only releases that hold a commit work with the data. */
export type Floor = {
  readonly commit: string
  /** Whose migration it was, and in which deployment it ran. */
  readonly release: Digest
  readonly deployment: string
  readonly at: Instant
}

/** The journal's state of an environment: what runs there, who may change it, and who waits to. */
export type LaneState = {
  readonly service: string
  readonly environment: string
  /** Deployments asked for so far; the number of the newest. */
  readonly count: number
  readonly holder?: Holder
  readonly queue: readonly Holder[]
  /** Deployments that wait for their gates, and hold nobody up meanwhile; the oldest first. */
  readonly aside?: readonly Holder[]
  /** Those that lost their place to a newer one and have not ended yet. */
  readonly superseded?: Readonly<Record<string, Superseded>>
  /** The fence of the last turn: each turn has a higher one, whoever takes it. */
  readonly fence?: number
  readonly live?: Live
  /** What its migrations have made of its data; undefined while none ran. */
  readonly schema?: Schema
  /** Releases that ran here before, newest first. */
  readonly before: readonly Live[]
  /** Releases that were undone here, by the deployment that tried them: not brought again by itself. */
  readonly rejected: Readonly<Record<Digest, string>>
  /** Names of the latest orders, so that an order that arrives twice is taken once. */
  readonly orders: readonly string[]
  readonly lastDeployment?: string
  /** It was taken away for good: it takes no orders any more. */
  readonly closed?: true
  /** Gates that a person lets through for a while. */
  readonly waivers?: readonly Waiver[]
  /** What the data here ask of a release; a release must meet each of them. */
  readonly floors?: readonly Floor[]
}

export type LaneCommand =
  | { readonly is: 'order'; readonly order: DeploymentOrder }
  | {
      readonly is: 'ended'
      readonly deployment: string
      readonly live?: Live
      readonly rejected?: Digest
      readonly schema?: Schema
    }
  /** A deployment waits for its gates; with `join` it takes the place of older ones that wait. */
  | { readonly is: 'aside'; readonly deployment: string; readonly join: boolean }
  /** Nothing is waited for any more: it wants its turn. */
  | { readonly is: 'ready'; readonly deployment: string }
  | { readonly is: 'lock'; readonly owner: string; readonly reason: string; readonly until?: Instant }
  | { readonly is: 'unlock'; readonly owner: string }
  | { readonly is: 'freeze'; readonly test: string; readonly owner: string; readonly reason: string }
  /** With `size`: so many instances are left of what is live; with `schema`: whose migration the data are left with. */
  | { readonly is: 'thaw'; readonly test: string; readonly size?: number; readonly schema?: Schema }
  | {
      readonly is: 'waive'
      readonly gate: string
      readonly owner: string
      readonly reason: string
      readonly until: Instant
    }
  | { readonly is: 'unwaive'; readonly gate: string; readonly owner: string }
  /** The environment goes for good, with whatever runs there. */
  | { readonly is: 'close' }
  /** The data are about to be changed. */
  | { readonly is: 'migrates'; readonly floor: Floor }

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

/** Nobody has it: whoever waits longest is next. */
export function free(state: LaneState): LaneState {
  const { holder: _, ...rest } = state
  return rest
}

/** Something that happened to an environment. */
export const tell = (
  state: Pick<LaneState, 'service' | 'environment'>,
  type: string,
  more: { readonly [key: string]: Json } = {},
): Happening => ({
  type,
  body: { service: state.service, environment: state.environment, ...more },
})
