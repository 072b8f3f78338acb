import type { Counts, FleetId, LostRequest, TrafficSeen } from '../../fleet/index.ts'
import type { Instant } from '../../kernel/index.ts'

/** What became of requests: accepted = answered + lost + abandoned + in flight. */
export type Tally = {
  readonly accepted: number
  readonly answered: number
  readonly lost: number
  readonly abandoned: number
  /** Answered with 5xx. */
  readonly errors: number
}

/**
 * Requests of one deployment, from its first change to its last. `upTo` is what the gateway had counted when it
 * was last asked; a gateway that was restarted counts from zero again, under another generation.
 */
export type Ledger = {
  readonly generation?: string
  readonly upTo: Readonly<Record<FleetId, Tally>>
  readonly total: Readonly<Record<FleetId, Tally>>
  readonly lost: readonly LostRequest[]
  readonly since?: Instant
}

export const emptyLedger: Ledger = { upTo: {}, total: {}, lost: [] }
export const noTally: Tally = { accepted: 0, answered: 0, lost: 0, abandoned: 0, errors: 0 }

const tallyOf = (counts: Counts): Tally => ({
  accepted: counts.accepted,
  answered: counts.answered,
  lost: counts.lost,
  abandoned: counts.abandoned,
  errors: counts.byClass['5'],
})

/** Field by field. */
const combine = (a: Tally, b: Tally, how: (x: number, y: number) => number): Tally => ({
  accepted: how(a.accepted, b.accepted),
  answered: how(a.answered, b.answered),
  lost: how(a.lost, b.lost),
  abandoned: how(a.abandoned, b.abandoned),
  errors: how(a.errors, b.errors),
})

export const addTallies = (tallies: readonly Tally[]): Tally =>
  tallies.reduce((sum, tally) => combine(sum, tally, (x, y) => x + y), noTally)

const mapTallies = (names: readonly string[], of: (name: string) => Tally): Record<FleetId, Tally> =>
  Object.fromEntries(names.map((name) => [name, of(name)]))

/** Begins the account: what was counted before does not belong to it. */
export function openLedger(seen: TrafficSeen, now: Instant): Ledger {
  if (!seen.reachable) return { ...emptyLedger, since: now }
  const upTo = mapTallies(Object.keys(seen.counts), (name) => tallyOf(seen.counts[name] as Counts))
  return { generation: seen.generation, upTo, total: {}, lost: [], since: now }
}

/** Adds what the gateway has counted since it was last asked. */
export function extendLedger(ledger: Ledger, seen: TrafficSeen): Ledger {
  if (!seen.reachable) return ledger
  const restarted = ledger.generation !== seen.generation
  const before = (name: string): Tally => (restarted ? noTally : (ledger.upTo[name] ?? noTally))
  const names = Object.keys(seen.counts)
  const upTo = mapTallies(names, (name) => tallyOf(seen.counts[name] as Counts))
  const grown = (name: string) =>
    combine(upTo[name] ?? noTally, before(name), (now, then) => Math.max(0, now - then))
  const total = mapTallies([...new Set([...names, ...Object.keys(ledger.total)])], (name) =>
    combine(ledger.total[name] ?? noTally, names.includes(name) ? grown(name) : noTally, (x, y) => x + y),
  )
  const known = new Set(ledger.lost.map((request) => `${request.at} ${request.instance} ${request.path}`))
  const since = ledger.since ?? 0
  const lost = seen.lost.filter((r) => r.at >= since && !known.has(`${r.at} ${r.instance} ${r.path}`))
  return {
    ...ledger,
    generation: seen.generation,
    upTo,
    total,
    lost: [...ledger.lost, ...lost].slice(0, 100),
  }
}
