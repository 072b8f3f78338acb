import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Crossing } from '../../../forecast/index.ts'
import type { Foreseen, Unforeseen } from '../finding.ts'
import { future, heldMs, looksApartMs } from './future.ts'
import { type FutureCommand, type FutureState, newFuture } from './state.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const leadMs = 30 * dayMs
const now = Date.UTC(2027, 2, 1)
const place = { service: 'payments', environment: 'production', kind: 'disk', name: '/var' } as const

/** So likely within the lead time. */
const likely = (chance: number): Foreseen => {
  const crossed = Math.round(chance * 100)
  const crossing: Crossing = {
    ...{ is: 'crossing', days: Array.from({ length: crossed }, () => 10), futures: 100, from: now },
    ...{ within: { 7: 0, 30: chance, 90: chance }, horizonDays: 180, why: 'it grows' },
  }
  return { is: 'foreseen', kind: 'disk', name: '/var', text: 'is full', crossing, found: [], next: 'look' }
}
const unknown: Unforeseen = { is: 'unforeseen', kind: 'disk', name: '/var', text: '2 days are known' }

const found = (finding: Foreseen | Unforeseen, at: number): FutureCommand => ({
  ...{ is: 'found', at, finding, leadMs },
})

function tell(state: FutureState, command: FutureCommand) {
  const decision = future.accept(state, command, command.at)
  if (decision.is === 'wait') return { state, events: [] as readonly string[] }
  return { state: decision.state, events: decision.events.map(({ type }) => type) }
}

/** Looks every so often. @returns events with the number of the look */
function look(findings: readonly (Foreseen | Unforeseen | 'gone')[], everyMs = hourMs) {
  let state = newFuture(place)
  const events: string[] = []
  findings.forEach((finding, i) => {
    const at = now + i * everyMs
    const told = tell(state, finding === 'gone' ? { is: 'gone', at } : found(finding, at))
    state = told.state
    events.push(...told.events.map((type) => `${i} ${type}`))
  })
  return { state, events }
}

describe('a future', () => {
  it('has a ticket when two looks find it likely, and none when two find it less likely than not', () => {
    const { events, state } = look([0.9, 0.9, 0.4, 0.4, 0.2, 0.2].map(likely), dayMs)
    expect(events).toEqual(['1 future.ticketOpened', '5 future.ticketClosed'])
    expect(state.openedBy).toBeUndefined()
    expect(state.finding).toMatchObject({ withinLead: 0.2, leadDays: 30 })
  })

  it('has one when the finding itself says it is likely enough', () => {
    const ticketAt = { openAt: 0.3, closeAt: 0.1 }
    const may = (chance: number) => ({ ...likely(chance), ticketAt })
    expect(look([0.4, 0.4].map(likely), dayMs).events).toEqual([])
    expect(look([0.4, 0.4, 0.2, 0.05, 0.05].map(may), dayMs).events).toEqual([
      '1 future.ticketOpened',
      '4 future.ticketClosed',
    ])
  })

  it('takes no second look for one that comes at once after the first', () => {
    const { events } = look([likely(0.9), likely(0.9), likely(0.9)], looksApartMs / 3)
    expect(events).toEqual([])
    expect(look([likely(0.9), likely(0.9)], looksApartMs).events).toEqual(['1 future.ticketOpened'])
  })

  it('stays open for a day, and as it was told', () => {
    const { events, state } = look([likely(1), likely(1), ...Array.from({ length: 30 }, () => likely(0))])
    expect(events).toEqual(['1 future.ticketOpened', `${1 + heldMs / hourMs} future.ticketClosed`])
    expect(state.ticket.isOpen).toBe(false)
  })

  it('stays as it is while nobody can say anything', () => {
    const { events, state } = look([likely(1), likely(1), unknown, unknown, unknown], 2 * dayMs)
    expect(events).toEqual(['1 future.ticketOpened'])
    expect(state).toMatchObject({ finding: unknown, ticket: { isOpen: true }, openedBy: { text: 'is full' } })
  })

  it('closes when there is nothing to look at any more', () => {
    const { events, state } = look([likely(1), likely(1), 'gone', 'gone'], 2 * dayMs)
    expect(events).toEqual(['1 future.ticketOpened', '3 future.ticketClosed'])
    expect(state.finding).toBeUndefined()
  })

  it('closes at once when nobody looks there any more', () => {
    const { state } = look([likely(1), likely(1)])
    const decision = future.decide(state, { isLookedAt: false }, now + dayMs)
    if (decision.is !== 'move') throw new Error('it stays open')
    expect(decision.events.map(({ type }) => type)).toEqual(['future.ticketClosed'])
    expect(future.decide(decision.state, { isLookedAt: false }, now + dayMs).is).toBe('wait')
  })

  it('hears the same once', () => {
    const first = tell(newFuture(place), found(likely(1), now))
    expect(tell(first.state, found(likely(1), now))).toEqual({ state: first.state, events: [] })
  })

  it('never turns more often than once a day, whatever is found', () => {
    const finding = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }).map(likely),
      fc.constant(unknown),
      fc.constant('gone' as const),
    )
    fc.assert(
      fc.property(
        fc.array(finding, { maxLength: 200 }),
        fc.integer({ min: 1, max: 48 }),
        (all, halfHours) => {
          const everyMs = (halfHours * hourMs) / 2
          const { events } = look(all, everyMs)
          const days = Math.floor(((all.length - 1) * everyMs) / dayMs)
          expect(events.length).toBeLessThanOrEqual(Math.max(0, days) + 1)
          // Opened and closed in turn.
          events.forEach((event, i) => {
            expect(event.endsWith(i % 2 === 0 ? 'Opened' : 'Closed')).toBe(true)
          })
        },
      ),
      { numRuns: 200 },
    )
  })
})
