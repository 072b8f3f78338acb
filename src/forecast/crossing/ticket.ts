import type { Instant } from '../../kernel/index.ts'
import { type Crossing, chanceWithin } from './outcome.ts'

/** What is remembered between two looks. */
export type TicketState = {
  readonly isOpen: boolean
  /** When it was opened or closed last. */
  readonly since: Instant
  /** How many looks in a row have said the opposite. */
  readonly against: number
}

export type TicketRules = {
  /** A ticket is wanted so many days before; 30. */
  readonly leadDays?: number
  /** Opens when it is so likely within the lead time: on the late bound, not on the middle; 0.8. */
  readonly openAt?: number
  /** Closes when less likely than that; 0.5. */
  readonly closeAt?: number
  /** So many looks in a row must say so; 2. */
  readonly looks?: number
}

export const noTicket: TicketState = { isOpen: false, since: 0, against: 0 }

/**
 * What becomes of a ticket when one looks again: it opens late and surely, and closes when the crossing has become less likely than not,
 * so that what swings between is told once.
 * @param seen undefined when nothing could be said: nothing changes
 */
export function nextTicket(
  state: TicketState,
  seen: Crossing | undefined,
  now: Instant,
  { leadDays = 30, openAt = 0.8, closeAt = 0.5, looks = 2 }: TicketRules = {},
): TicketState {
  if (!seen) return state
  const chance = chanceWithin(seen, leadDays)
  const saysOpposite = state.isOpen ? chance < closeAt : chance >= openAt
  if (!saysOpposite) return state.against === 0 ? state : { ...state, against: 0 }
  const against = state.against + 1
  return against < looks ? { ...state, against } : { isOpen: !state.isOpen, since: now, against: 0 }
}
