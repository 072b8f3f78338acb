import { chanceWithin, nextTicket, type TicketState } from '../../../forecast/index.ts'
import {
  type Decision,
  type Happening,
  type Instant,
  type Machine,
  move,
  wait,
} from '../../../kernel/index.ts'
import type { Foreseen, Unforeseen } from '../finding.ts'
import { futureLabel } from './label.ts'
import type { FutureCommand, FutureSeen, FutureState, KeptFinding, KeptForeseen } from './state.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Looks that are closer together say the same: a server that starts again does not make a second one. */
export const looksApartMs = hourMs
/** What was opened or closed stays so for as long, whatever is found: nobody is told the opposite on the same day. */
export const heldMs = dayMs

function kept(finding: Foreseen | Unforeseen, leadMs: number): KeptFinding {
  if (finding.is === 'unforeseen') return finding
  const { crossing, ...rest } = finding
  const { days, is: _, ...summary } = crossing
  const leadDays = (finding.leadMs ?? leadMs) / dayMs
  return { ...rest, crossing: summary, leadDays, withinLead: chanceWithin(crossing, leadDays) }
}

/** Of what the newest looks say, what becomes of the ticket; undefined: this look does not count. */
function nextOf(
  { ticket, countedAt }: FutureState,
  found: Foreseen | 'gone',
  at: Instant,
  leadMs: number,
): TicketState | undefined {
  if (countedAt !== undefined && at - countedAt < looksApartMs) return undefined
  const crossing = found === 'gone' ? nothingComes : found.crossing
  const leadDays = ((found === 'gone' ? undefined : found.leadMs) ?? leadMs) / dayMs
  const rules = found === 'gone' ? {} : found.ticketAt
  const next = nextTicket(ticket, crossing, at, { leadDays, ...rules })
  const isHeld = ticket.since > 0 && at - ticket.since < heldMs
  return next.isOpen !== ticket.isOpen && isHeld ? ticket : next
}

/** What is not there is not crossed. */
const nothingComes = {
  is: 'crossing' as const,
  ...{ days: [], futures: 1, from: 0, horizonDays: 0, why: 'there is nothing to look at any more' },
  within: { 7: 0, 30: 0, 90: 0 },
}

const happen = (type: string, state: FutureState, because: string): Happening => ({
  type,
  body: {
    service: state.service,
    environment: state.environment,
    future: futureLabel(state),
    because,
  },
})

const textOf = (finding: KeptFinding | undefined): string =>
  finding?.text ?? 'there is nothing to look at any more'

/** Takes how the ticket is now, and says when it was opened or closed. */
function ticketed(state: FutureState, ticket: TicketState, opener: KeptForeseen | undefined) {
  const { openedBy, ...rest } = state
  const next: FutureState = {
    ...rest,
    ticket,
    ...(ticket.isOpen ? keyed('openedBy', state.ticket.isOpen ? openedBy : opener) : {}),
  }
  const hasTurned = ticket.isOpen !== state.ticket.isOpen
  const type = ticket.isOpen ? 'future.ticketOpened' : 'future.ticketClosed'
  return move(next, { events: hasTurned ? [happen(type, next, textOf(next.finding))] : [] })
}

const keyed = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [k in K]?: V }

function accept(state: FutureState, command: FutureCommand): Decision<FutureState> {
  const { at } = command
  if (state.foundAt !== undefined && at <= state.foundAt) return wait('this was said before')
  const { finding: _, ...rest } = state
  if (command.is === 'gone') {
    const next = nextOf(state, 'gone', at, dayMs)
    return ticketed({ ...rest, foundAt: at, ...counted(state, next, at) }, next ?? state.ticket, undefined)
  }
  const { leadMs } = command
  const finding = kept(command.finding, leadMs)
  const found: FutureState = { ...rest, finding, foundAt: at }
  // What nobody can say anything of stays as it was.
  if (command.finding.is === 'unforeseen' || finding.is === 'unforeseen')
    return ticketed(found, state.ticket, undefined)
  const next = nextOf(state, command.finding, at, leadMs)
  return ticketed({ ...found, ...counted(state, next, at) }, next ?? state.ticket, finding)
}

const counted = ({ countedAt }: FutureState, next: TicketState | undefined, at: Instant) =>
  keyed('countedAt', next === undefined ? countedAt : at)

/** What nobody looks at any more closes by itself. */
function decide(state: FutureState, { isLookedAt }: FutureSeen, now: Instant): Decision<FutureState> {
  if (isLookedAt) return wait(state.ticket.isOpen ? 'somebody is to do something' : 'nothing is to be done')
  const { finding: _, ...rest } = state
  if (!state.ticket.isOpen && state.finding === undefined) return wait('nobody looks at it any more')
  const closed = { isOpen: false, since: now, against: 0 }
  return ticketed(rest, state.ticket.isOpen ? closed : state.ticket, undefined)
}

/**
 * Something that is looked ahead at, again and again: a ticket is opened when two looks, an hour or more apart, find it
 * likely in time, and closed when two find it less likely than not. No more than one of both happens in a day.
 */
export const future: Machine<FutureState, FutureSeen, FutureCommand> = { kind: 'future', decide, accept }
