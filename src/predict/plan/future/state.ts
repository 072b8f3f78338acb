import type { Crossing, TicketState } from '../../../forecast/index.ts'
import { noTicket } from '../../../forecast/index.ts'
import type { Instant } from '../../../kernel/index.ts'
import type { Foreseen, FutureKind, Unforeseen } from '../finding.ts'

/** What is seen coming of one thing in one environment. */
export type FuturePlace = {
  readonly service: string
  readonly environment: string
  readonly kind: FutureKind
  readonly name: string
}

/** A finding without its simulated futures, but with what they say of the time before which a ticket is wanted. */
export type KeptForeseen = Omit<Foreseen, 'crossing'> & {
  readonly crossing: Omit<Crossing, 'days' | 'is'>
  /** So many days before somebody wants to know, and how likely it is within them. */
  readonly leadDays: number
  readonly withinLead: number
}
export type KeptFinding = KeptForeseen | Unforeseen

/** The journal's state of something that is looked ahead at. */
export type FutureState = FuturePlace & {
  /** What the newest look found; undefined: there was nothing to look at. */
  readonly finding?: KeptFinding
  /** When that was; undefined: nobody has looked yet. */
  readonly foundAt?: Instant
  /** When a look counted last for the ticket. */
  readonly countedAt?: Instant
  /** Whether somebody is to do something. */
  readonly ticket: TicketState
  /** By what the ticket was opened. */
  readonly openedBy?: KeptForeseen
}

/** What one look found. Said twice, it is said once. */
export type FutureCommand =
  | {
      readonly is: 'found'
      readonly at: Instant
      readonly finding: Foreseen | Unforeseen
      readonly leadMs: number
    }
  /** There is nothing to look at any more: the disk is gone, the certificate is not asked for. */
  | { readonly is: 'gone'; readonly at: Instant }

export type FutureSeen = {
  /** The configuration still has this place. */
  readonly isLookedAt: boolean
}

export const newFuture = (place: FuturePlace): FutureState => ({ ...place, ticket: noTicket })
