import type { Instant } from '../../../kernel/index.ts'
import type { Matcher } from '../../../series/index.ts'
import type { Severity } from '../slo/windows.ts'

export type AlertLabels = Readonly<Record<'service' | 'environment' | 'slo' | 'window' | 'severity', string>>

/** An alert of an SLO that burns now, as the evaluator tells of it. */
export type Burning = {
  readonly slo: string
  /** Its long window: `1h`. */
  readonly window: string
  readonly severity: Severity
  /** One sentence for people. */
  readonly text: string
  /** What has changed since it was last well, newest first. */
  readonly changes?: readonly string[]
  /** What to do first, where it is no budget that burns. */
  readonly next?: string
  /** By what that is known, in sentences. */
  readonly evidence?: readonly string[]
  /** Who sees to it, where somebody was named. */
  readonly owner?: string
}

/** One alert, from when it fires until it was told that it is over. */
export type Alert = {
  readonly key: string
  readonly labels: AlertLabels
  readonly text: string
  /** What whoever is told does first. */
  readonly next: string
  readonly changes: readonly string[]
  readonly evidence?: readonly string[]
  readonly owner?: string
  readonly firedAt: Instant
  /** When it was last seen well; undefined: never. */
  readonly healthyAt?: Instant
  readonly resolvedAt?: Instant
  /** Somebody was told that it fires. */
  readonly toldAt?: Instant
  /** Those who were told: they hear of its end, whatever the routes say then. */
  readonly toldTo?: readonly string[]
}

/** Keeps alerts from being told. */
export type Silence = {
  readonly id: string
  readonly matchers: readonly Matcher[]
  /** Who answers for it. */
  readonly owner: string
  readonly reason: string
  /** Who made it. */
  readonly by: string
  readonly since: Instant
  /** `resolved`: as long as what it keeps silent fires. */
  readonly until: Instant | 'resolved'
}

/** What was told, to whom and when. */
export type Told = {
  /** The same in every message that tells of it. */
  readonly id: string
  readonly at: Instant
  readonly type: ToldType
  /** Names of notifiers; empty: all who want to hear of such. */
  readonly to: readonly string[]
  readonly text: string
  readonly alerts: readonly string[]
}

export type ToldType = 'alert.page' | 'alert.ticket' | 'alert.resolved' | 'watch.alive'

/** The journal's state of the alerts of one service. */
export type AlertsState = {
  readonly service: string
  /** Environment → when it was last told how it is. */
  readonly seenAt: Readonly<Record<string, Instant>>
  /** Environment that was never told of → since when it should be. */
  readonly expectedAt?: Readonly<Record<string, Instant>>
  readonly alerts: readonly Alert[]
  readonly silences: readonly Silence[]
  /** Group of alerts → when it was told of last. */
  readonly groups: Readonly<Record<string, Instant>>
  readonly aliveAt?: Instant
  /** How often something was told so far: no two have the same name. */
  readonly tellings: number
  /** The latest that was told of alerts, newest first; the journal's events have all of it. */
  readonly history: readonly Told[]
}

export type Route = { readonly match: readonly Matcher[]; readonly to: readonly string[] }

/** Who is told of what, and how soon; times in milliseconds. */
export type AlertSettings = {
  /** The first that matches counts; without one, all who want to hear of such are told. */
  readonly routes: readonly Route[]
  /** Alerts that are alike in these labels are told together. */
  readonly groupBy: readonly (keyof AlertLabels)[]
  /** So long the first alert of a group waits for others. */
  readonly groupWait: number
  /** A group is told of no more often than this. */
  readonly groupInterval: number
  /** A page that goes on is told again after so long. */
  readonly repeat: number
  /** An environment of which nothing was heard for so long is itself a page. */
  readonly deadAfter: number
  /** So often somebody outside is told that all this works; undefined: never. */
  readonly alive?: number | undefined
}

export type AlertsSeen = {
  /** Undefined: the configuration has no such service any more. */
  readonly settings: AlertSettings | undefined
  /** Those in which something is promised. */
  readonly environments: readonly string[]
  /** Environments in which a service that this one depends on pages, and which. */
  readonly down: Readonly<Record<string, string>>
  /** Since when somebody looks: a server that was away counts against nobody. */
  readonly since: Instant
}

export type AlertsCommand =
  | {
      readonly is: 'seen'
      readonly at: Instant
      readonly environment: string
      readonly burning: readonly Burning[]
    }
  /** Whoever looks at an environment found nothing out. */
  | { readonly is: 'expected'; readonly at: Instant; readonly environment: string }
  | { readonly is: 'silence'; readonly silence: Silence }
  | { readonly is: 'unsilence'; readonly id: string; readonly by: string }

export const newAlerts = (service: string): AlertsState => ({
  service,
  seenAt: {},
  alerts: [],
  silences: [],
  groups: {},
  tellings: 0,
  history: [],
})

export const isFiring = ({ resolvedAt }: Alert): boolean => resolvedAt === undefined
