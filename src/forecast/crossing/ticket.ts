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
  /** Opens when it is so likely within the lead time: as likely as not, 0.5. */
  readonly openAt?: number
  /** Closes when less likely than that; six tenths of what it opens at. */
  readonly closeAt?: number
  /** So many looks in a row must say so; 2. */
  readonly looks?: number
}

/** From this chance within the lead time on somebody is told. A peak on a named day comes or it does not: surer one is only some days before. */
export const likelyAt = 0.5

export const noTicket: TicketState = { isOpen: false, since: 0, against: 0 }

/**
 * What becomes of a ticket when one looks again: it opens when the crossing is likely in time, and closes when it has become unlikely,
 * so that what swings between is told once.
 * @param seen undefined when nothing could be said: nothing changes
 */
export function nextTicket(
  state: TicketState,
  seen: Crossing | undefined,
  now: Instant,
  { leadDays = 30, openAt = likelyAt, closeAt = 0.6 * openAt, looks = 2 }: TicketRules = {},
): TicketState {
  if (!seen) return state
  const chance = chanceWithin(seen, leadDays)
  const saysOpposite = state.isOpen ? chance < closeAt : chance >= openAt
  if (!saysOpposite) return state.against === 0 ? state : { ...state, against: 0 }
  const against = state.against + 1
  return against < looks ? { ...state, against } : { isOpen: !state.isOpen, since: now, against: 0 }
}
