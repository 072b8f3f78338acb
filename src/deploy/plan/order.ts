import type { GatewayConfig, StartSpec } from '../../fleet/index.ts'
import type { Digest } from '../../kernel/index.ts'
import type { CounterSettings } from './counters/index.ts'
import type { GateSettings } from './gates/settings.ts'

export type DeploymentKind = 'deploy' | 'promote' | 'rollback'

/** How a release takes over; times in milliseconds. */
export type StrategySettings =
  | { readonly is: 'rolling'; readonly surge: number; readonly overlap?: boolean }
  | { readonly is: 'blueGreen' }
  | ({ readonly is: 'canary' } & CanarySettings)

export type CanarySettings = {
  /** Shares of the requests, ascending; chosen by the planner when not given. */
  readonly shares?: readonly number[]
  readonly stageAtMostMs: number
  readonly find: number
  readonly alpha: number
  readonly watchMs: number
  readonly warmUpMs: number
  readonly minRequests: number
  readonly deadlineMs: number
  readonly inconclusive: 'rollback' | 'hold'
  readonly split: 'request' | 'cookie'
  readonly latency: boolean
  /** The team's own, read from each instance's metrics. */
  readonly counters?: readonly CounterSettings[]
}

/** A command that runs once in a deployment. */
export type TaskSettings = {
  readonly run: string
  readonly timeoutMs: number
  readonly env: Readonly<Record<string, string | { readonly secret: string }>>
}

/** The command that changes the data. */
export type MigrateSettings = TaskSettings & {
  /** The oldest commit whose release works with the data afterwards. */
  readonly oldestCompatible?: string
}

/** Paths that the gateway counts apart: templates such as `/payments/:id`, and the edges of their latencies. */
export type HttpRouteSettings = { readonly templates: readonly string[]; readonly edgesMs: readonly number[] }

/** All that a deployment needs to know, as configured when it was asked for. */
export type DeploymentSettings = {
  readonly instances: number
  readonly strategy: StrategySettings
  readonly bakeMs: number
  /** Of an environment that sleeps: wakes what the release depends on. */
  readonly wake?: TaskSettings
  readonly migrate?: MigrateSettings
  readonly smokeBefore?: TaskSettings
  readonly smokeAfter?: TaskSettings
  readonly gates: readonly GateSettings[]
  /** A newer deployment takes the place of an older one that waits, or both wait; `overtake` when not given. */
  readonly waiting?: 'overtake' | 'join'
  readonly port: number
  readonly requestTimeoutMs: number
  readonly routes?: HttpRouteSettings
  readonly gateway?: GatewayConfig
  readonly start: StartSpec
}

/** Workers take no requests: there is no gateway, and nothing to split. */
export const takesRequests = ({ start }: Pick<DeploymentSettings, 'start'>): boolean =>
  start.worker === undefined

/** A wish to bring a release into an environment. The same name arriving twice is one order. */
export type DeploymentOrder = {
  readonly name: string
  readonly kind: DeploymentKind
  readonly release: Digest
  readonly actor: string
  readonly reason: string
  /** Why it mends what is broken and a freeze is not to stop it. */
  readonly fix?: string
  readonly settings: DeploymentSettings
}
