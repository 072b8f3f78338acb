import type { TrafficSeen } from '../../fleet/index.ts'
import type { Lately } from '../../flow/world.ts'
import type { Instant } from '../../kernel/index.ts'

type Totals = Lately['fleets']
type Sample = { readonly at: Instant; readonly generation: string; readonly totals: Totals }

/** What is older says little of now. */
const longestMs = 300_000
/** In less there is hardly anything to see. */
const shortestMs = 5_000

const totalsOf = ({ counts }: TrafficSeen): Totals =>
  Object.fromEntries(
    Object.entries(counts).map(([fleet, { answered, lost, byClass }]) => [
      fleet,
      { requests: answered + lost, failures: byClass['5'] + lost },
    ]),
  )

/** The samples with one more; a gateway that began to count anew begins them anew. */
export function addSample(samples: readonly Sample[], seen: TrafficSeen, now: Instant): readonly Sample[] {
  if (!seen.reachable) return samples
  const sample = { at: now, generation: seen.generation, totals: totalsOf(seen) }
  const same = samples.filter(({ at, generation }) => generation === seen.generation && now - at <= longestMs)
  return [...same, sample]
}

/** What was answered between the first sample and the last; undefined when that was too short. */
export function latelyIn(samples: readonly Sample[]): Lately | undefined {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || last.at - first.at < shortestMs) return undefined
  const none = { requests: 0, failures: 0 }
  const fleets = Object.entries(last.totals).map(([fleet, now]) => {
    const before = first.totals[fleet] ?? none
    return [fleet, { requests: now.requests - before.requests, failures: now.failures - before.failures }]
  })
  return { seconds: (last.at - first.at) / 1_000, fleets: Object.fromEntries(fleets) }
}

const sampleMs = 10_000

/** Looks at every gateway now and then, so that somebody knows what was asked lately. */
export function watchTraffic(
  environments: () => Promise<readonly string[]>,
  observe: (environment: string) => Promise<TrafficSeen>,
): (environment: string) => Promise<Lately | undefined> {
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
  return async (environment) => {
    await take(environment)
    return latelyIn(samples.get(environment) ?? [])
  }
}
