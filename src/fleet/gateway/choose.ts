import type { Random } from '../../kernel/random.ts'
import type { Squeezed } from './squeeze.ts'

/**
 * What is known of an upstream. `failing`: it takes connections, but its health checks fail. `unreachable`: nobody
 * listens there. `unknown`: not checked yet.
 */
export type Standing = 'healthy' | 'failing' | 'unreachable' | 'unknown'

type Candidate = {
  readonly fleet: string
  readonly instance: string
  readonly weight: number
  readonly serving: boolean
  readonly standing: Standing
  readonly inFlight: number
  /** It keeps failing, and is left alone for a while. */
  readonly ejected: boolean
  /** Requests that it failed a moment ago. */
  readonly blamed: number
}

const isServing = ({ serving, weight }: Candidate): boolean => serving && weight > 0

/** Those of a fleet that are ejected take requests only when none of the others can. */
function withoutEjected<U extends Candidate>(healthy: readonly U[]): readonly U[] {
  if (!healthy.some(({ ejected }) => ejected)) return healthy
  const kept = new Set(healthy.filter(({ ejected }) => !ejected).map(({ fleet }) => fleet))
  return healthy.filter(({ ejected, fleet }) => !ejected || !kept.has(fleet))
}

/** Those that may take a request: the healthy ones; failing ones when there are none; any when told so. */
function eligible<U extends Candidate>(open: readonly U[], anyStanding: boolean): readonly U[] {
  const healthy = open.filter((u) => u.standing === 'healthy' && isServing(u))
  if (healthy.length > 0) return withoutEjected(healthy)
  const serving = open.filter(isServing)
  const failing = serving.filter((u) => u.standing === 'failing')
  return failing.length > 0 || !anyStanding ? failing : serving
}

export type Share = { readonly fleet: string; readonly weight: number }

/** A client that stays with one fleet: all shares, also of fleets that cannot take requests now, and its place. */
export type Pinned = { readonly shares: readonly Share[]; readonly place: number }

/**
 * The fleet at a place in [0, 1): fleets lie side by side in their order, each as wide as its weight. When the last
 * one becomes wider, places only ever change to it.
 */
export function fleetAt(shares: readonly Share[], place: number): string | undefined {
  const total = shares.reduce((sum, { weight }) => sum + weight, 0)
  let left = place * total
  let last: string | undefined
  for (const { fleet, weight } of shares) {
    if (weight <= 0) continue
    last = fleet
    left -= weight
    if (left < 0) break
  }
  return last
}

/**
 * A fleet by weight. Chance, not turns: turns could follow a pattern in what clients ask, and bias a comparison. A
 * pinned client's own fleet, unless that cannot take it.
 */
function chooseFleet<U extends Candidate>(
  candidates: readonly U[],
  random: Random,
  pinned: Pinned | undefined,
): string | undefined {
  const only = candidates[0]?.fleet
  if (candidates.every(({ fleet }) => fleet === only)) return only
  const able = [...new Map(candidates.map((u) => [u.fleet, u])).values()]
  const own = pinned && fleetAt(pinned.shares, pinned.place)
  if (own !== undefined && able.some(({ fleet }) => fleet === own)) return own
  return fleetAt(able, pinned?.place ?? random.next())
}

const busyness = ({ inFlight, blamed }: Candidate): number => inFlight + blamed

/** The least busy; among equals by chance, so that an idle fleet does not send all to its first instance. */
function leastBusy<U extends Candidate>(candidates: readonly U[], random: Random): U | undefined {
  const least = candidates.reduce((lowest, u) => Math.min(lowest, busyness(u)), Number.POSITIVE_INFINITY)
  const idle = candidates.filter((u) => busyness(u) === least)
  return idle[Math.floor(random.next() * idle.length)]
}

/** One of a fleet by its share, by chance as fleets are chosen; otherwise the least busy one. */
function chooseWithin<U extends Candidate>(
  within: readonly U[],
  random: Random,
  squeezed: Squeezed | undefined,
): U | undefined {
  const its = squeezed && within.find(({ instance }) => instance === squeezed.instance)
  if (!its || within.length === 1) return leastBusy(within, random)
  if (random.next() < squeezed.share) return its
  return leastBusy(
    within.filter((u) => u !== its),
    random,
  )
}

/** Who is to be preferred, if anybody. */
export type Preferred = {
  readonly pinned?: Pinned | undefined
  readonly squeezed?: Squeezed | undefined
  /** So many requests an instance has at a time; as many as come when not given. */
  readonly most?: number | undefined
}

/**
 * The upstream for the next request: fleet by weight among fleets that can take it, then the least busy in it.
 * @param anyStanding also those that are unreachable or unknown, when there is nothing better
 */
export function choose<U extends Candidate>(
  open: readonly U[],
  anyStanding: boolean,
  random: Random,
  { pinned, squeezed, most = Number.POSITIVE_INFINITY }: Preferred = {},
): U | undefined {
  const candidates = eligible(open, anyStanding)
  const [only] = candidates
  if (candidates.length <= 1) return only && only.inFlight < most ? only : undefined
  // A fleet that is full keeps its share: its requests wait, and are not sent to another version.
  const fleet = chooseFleet(candidates, random, pinned)
  return chooseWithin(
    candidates.filter((u) => u.fleet === fleet && u.inFlight < most),
    random,
    squeezed,
  )
}
