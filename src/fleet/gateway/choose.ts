import type { Random } from '../../kernel/random.ts'

/**
 * What is known of an upstream. `failing`: it takes connections, but its health checks fail. `unreachable`: nobody
 * listens there. `unknown`: not checked yet.
 */
export type Standing = 'healthy' | 'failing' | 'unreachable' | 'unknown'

type Candidate = {
  readonly fleet: string
  readonly weight: number
  readonly serving: boolean
  readonly standing: Standing
  readonly inFlight: number
}

/** Those that may take a request: the healthy ones; failing ones when there are none; any when told so. */
function eligible<U extends Candidate>(open: readonly U[], anyStanding: boolean): readonly U[] {
  const serving = open.filter((u) => u.serving && u.weight > 0)
  const healthy = serving.filter((u) => u.standing === 'healthy')
  if (healthy.length > 0) return healthy
  const failing = serving.filter((u) => u.standing === 'failing')
  return failing.length > 0 || !anyStanding ? failing : serving
}

/** A fleet by weight. Chance, not turns: turns could follow a pattern in what clients ask, and bias a comparison. */
function chooseFleet(weights: ReadonlyMap<string, number>, random: Random): string | undefined {
  if (weights.size === 1) return weights.keys().next().value
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0)
  let left = random.next() * total
  let last: string | undefined
  for (const [fleet, weight] of weights) {
    last = fleet
    left -= weight
    if (left < 0) break
  }
  return last
}

/** The least busy; among equals by chance, so that an idle fleet does not send all to its first instance. */
function leastBusy<U extends Candidate>(candidates: readonly U[], random: Random): U | undefined {
  const least = Math.min(...candidates.map((u) => u.inFlight))
  const idle = candidates.filter((u) => u.inFlight === least)
  return idle[Math.floor(random.next() * idle.length)]
}

/**
 * The upstream for the next request: fleet by weight among fleets that can take it, then the least busy in it.
 * @param anyStanding also those that are unreachable or unknown, when there is nothing better
 */
export function choose<U extends Candidate>(
  open: readonly U[],
  anyStanding: boolean,
  random: Random,
): U | undefined {
  const candidates = eligible(open, anyStanding)
  const fleet = chooseFleet(new Map(candidates.map((u) => [u.fleet, u.weight])), random)
  return leastBusy(
    candidates.filter((u) => u.fleet === fleet),
    random,
  )
}
