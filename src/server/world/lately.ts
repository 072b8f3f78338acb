import type { FleetId, TrafficSeen } from '../../fleet/index.ts'
import type { Gateways, Lately } from '../../flow/world.ts'
import type { Instant } from '../../kernel/index.ts'

type Totals = Pick<Lately, 'requests' | 'failures'>
type Sample = {
  readonly at: Instant
  readonly generation: string
  readonly fleets: Readonly<Record<FleetId, Totals>>
}

/** What is older says little of now. */
const longestMs = 300_000
/** In less there is hardly anything to see. */
const shortestMs = 5_000

const totalsOf = ({ counts }: TrafficSeen): Sample['fleets'] =>
  Object.fromEntries(
    Object.entries(counts).map(([fleet, { answered, lost, byClass }]) => [
      fleet,
      { requests: answered + lost, failures: byClass['5'] + lost },
    ]),
  )

/** The samples with one more; a gateway that began to count anew begins them anew. */
export function addSample(samples: readonly Sample[], seen: TrafficSeen, now: Instant): readonly Sample[] {
  if (!seen.reachable) return samples
  const sample = { at: now, generation: seen.generation, fleets: totalsOf(seen) }
  const same = samples.filter(({ at, generation }) => generation === seen.generation && now - at <= longestMs)
  return [...same, sample]
}

/** What a fleet answered between the first sample and the last; undefined when that was too short. */
export function latelyIn(samples: readonly Sample[], fleet: FleetId, since: Instant): Lately | undefined {
  const known = samples.filter(({ at, fleets }) => at >= since && fleets[fleet])
  const [first, last] = [known[0], known.at(-1)]
  const [before, now] = [first?.fleets[fleet], last?.fleets[fleet]]
  if (!first || !last || !before || !now || last.at - first.at < shortestMs) return undefined
  return {
    seconds: (last.at - first.at) / 1_000,
    requests: now.requests - before.requests,
    failures: now.failures - before.failures,
  }
}

const sampleMs = 10_000

/** Looks at every gateway now and then, so that somebody knows what was asked lately. */
export function watchTraffic(
  environments: () => Promise<readonly string[]>,
  observe: (environment: string) => Promise<TrafficSeen>,
): Gateways['lately'] {
  const samples = new Map<string, readonly Sample[]>()
  const take = async (environment: string) => {
    const seen = await observe(environment)
    samples.set(environment, addSample(samples.get(environment) ?? [], seen, Date.now()))
  }
  const takeAll = async () => {
    for (const environment of await environments()) await take(environment)
  }
  // A gateway that does not answer is looked at again: what is not known is said to be so.
  setInterval(() => void takeAll().catch(() => {}), sampleMs).unref()
  return async (environment, fleet, since) => {
    await take(environment)
    return latelyIn(samples.get(environment) ?? [], fleet, since)
  }
}
