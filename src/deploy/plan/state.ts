import type { FleetSeen, TrafficSeen } from '../../fleet/index.ts'
import type { CommandEnd } from '../../host/index.ts'
import type { Digest, Found, Instant, Reason, Ref, Verdict } from '../../kernel/index.ts'
import type { Scrape } from './counters/index.ts'
import type { CanaryPlan, Judgement } from './judge/index.ts'
import type { LaneState, Live } from './lane-state.ts'
import type { Ledger } from './ledger.ts'
import type { DeploymentKind, DeploymentSettings } from './order.ts'
import type { Stage } from './stage.ts'
import type { Waiver } from './waiver.ts'
import type { Watch } from './watch.ts'

/** `queued`: for the environment. `gating`: it holds it, and is judged. `waiting`: for its gates, and holds nobody up. */
export type DeploymentPhase = 'queued' | 'gating' | 'waiting' | 'moving' | 'undoing' | 'ended'
export type DeploymentStanding = 'waiting' | 'running' | 'passed' | 'failed' | 'inconclusive' | 'cancelled'

export type GateSeen = {
  readonly name: string
  readonly verdict: Verdict
  /** What it waits for: evidence that is on its way. No verdict is final before. */
  readonly pending?: string
  /** A person lets it through. */
  readonly waiver?: Waiver
  /** Why what runs now could not come back once this release has come: the data would not suit it. */
  readonly oneWay?: string
  /** What it looked at: kind and id of a record. */
  readonly source?: Ref
}
/** A stage that was begun, with its times: the rail that people see. */
export type StageDone = {
  readonly title: string
  readonly startedAt: Instant
  readonly endedAt?: Instant
  /** Here it was turned round, and this is how. */
  readonly turnedAs?: 'failed' | 'inconclusive' | 'cancelled'
  /** Its check failed, and a person lets that through for a while. */
  readonly letThrough?: { readonly because: string; readonly waiver: Waiver }
}

/** The journal's state of one deployment. */
export type DeploymentState = {
  readonly id: string
  readonly number: number
  /** Of the turn in which it changes the environment; its number until it has had one. */
  readonly fence?: number
  readonly service: string
  readonly environment: string
  readonly kind: DeploymentKind
  readonly release: Digest
  readonly actor: string
  readonly reason: string
  /** It mends something, says the person who ordered it: why. */
  readonly fix?: string
  readonly settings: DeploymentSettings
  readonly phase: DeploymentPhase
  readonly standing: DeploymentStanding
  /** What was live when it began. */
  readonly from?: Live
  readonly stages: readonly Stage[]
  /** The stage that goes on; its number is also the gateway table's revision. */
  readonly at: number
  readonly rail: readonly StageDone[]
  readonly gates: readonly GateSeen[]
  /** When its gates were last asked about: how often it had had its turn, and what was live. */
  readonly asked?: { readonly turn: number; readonly against?: Digest }
  readonly ledger: Ledger
  /** Of a canary: what its stages are to find, and what that costs. */
  readonly plan?: CanaryPlan
  /** Of a canary: what the judge has seen. */
  readonly watch?: Watch
  /** The judge's word, as it was last heard. */
  readonly judgement?: Judgement
  /** What ran before does not suit the data any more: why. Requests do not go back to it by themselves. */
  readonly noWayBack?: string
  /** The judge could not tell, or there is no way back, and a person is to decide; since then. */
  readonly heldSince?: Instant
  /** Why it would have gone back, if it could. */
  readonly heldFor?: string
  /** A person let it go on without a verdict. */
  readonly letOn?: { readonly by: string; readonly reason: string; readonly at: Instant }
  /** Why it is being, or was, undone. */
  readonly reasons: readonly Reason[]
  /** How it ends once it is undone; `failed` when not given. */
  readonly undoneAs?: 'inconclusive'
  readonly verified?: { readonly expected: Digest; readonly found: readonly Digest[]; readonly same: boolean }
  readonly requestedAt: Instant
  readonly startedAt?: Instant
  readonly endedAt?: Instant
}

/** What a deployment decides by. */
export type DeploymentSight = {
  readonly lane: LaneState | undefined
  readonly from: FleetSeen
  readonly to: FleetSeen
  readonly traffic: TrafficSeen
  /** Of the stage that goes on, when a command runs in it. */
  readonly task?: Found<CommandEnd>
  /** Why that command cannot be started, when that is known. */
  readonly taskProblem?: string
  /** What instances say of the team's counters; present when a look of the judge is due. */
  readonly scrapes?: readonly Scrape[]
  /** What the target would need of the release and does not find. */
  readonly lack?: string
  /** Why its instances or commands could not be started: a secret has no value. Known before anything of it starts. */
  readonly noSecret?: string
  /** Since when this server looks after it: what nobody could see counts against nobody. */
  readonly watchedSince: Instant
  /** Present once they were judged. */
  readonly gates: readonly GateSeen[]
}

export type DeploymentCommand = {
  /** `goOn`: of one that is held. `abandon`: it ends where it is, since its whole environment goes. */
  readonly is: 'rollback' | 'cancel' | 'goOn' | 'abandon'
  readonly actor: string
  readonly reason: string
  /** Back, although what ran before may not suit the data: a person has waived that. */
  readonly evenSo?: boolean
}

/** Turns of an environment follow each other, and so do the fences of what is done in them. */
export const fenceOf = ({ fence, number }: Pick<DeploymentState, 'fence' | 'number'>): number =>
  fence ?? number

/** The new fleet of a deployment has the deployment's name. */
export const newFleetOf = (state: Pick<DeploymentState, 'id'>): string => state.id
