import type { Crossing, TicketRules } from '../../forecast/index.ts'

/** What can be seen coming. */
export const futureKinds = [
  'headroom',
  'budget',
  'disk',
  'memory',
  'files',
  'connections',
  'queue',
  'certificate',
  'pipeline',
] as const
export type FutureKind = (typeof futureKinds)[number]

/** What is seen coming of one thing in one environment. */
export type Foreseen = {
  readonly is: 'foreseen'
  readonly kind: FutureKind
  /** Tells apart what is of one kind in an environment: an SLO, a disk. */
  readonly name: string
  /** One sentence that needs its subject before it: `crosses its load line about 12 March (80 %: 3 – 28 March)`. */
  readonly text: string
  readonly crossing: Crossing
  /** By what that is known, in sentences. */
  readonly found: readonly string[]
  /** What whoever has to do something does first. */
  readonly next: string
  /** By what was seen, not by what is expected: it is there already. Where nothing is said, it is when its date has come. */
  readonly isThere?: boolean
  /** So long before it is likely a ticket is written; as `predict.lead` says when not given. */
  readonly leadMs?: number
  /** How likely it is within that time when one is written, and closed; as usual when not given. */
  readonly ticketAt?: Pick<TicketRules, 'openAt' | 'closeAt'>
}

/** Of what nobody can say what comes. */
export type Unforeseen = {
  readonly is: 'unforeseen'
  readonly kind: FutureKind
  readonly name: string
  /** Why. */
  readonly text: string
  readonly next?: string
}

export type Finding = Foreseen | Unforeseen
