import { requestsMetric } from '../fleet/index.ts'
import type { Instant } from '../kernel/index.ts'
import { aggregate, over, type SeriesStore, series } from '../series/index.ts'
import { type Hour, hourMs, type Load, loadIn, lookBackMs } from './plan/headroom/load.ts'

/** What is known of the load of environments. */
export interface Loads {
  /** Of the last 28 days; as it was known up to ten minutes ago, unless it is to be exact. */
  loadOf(place: Place, at: Instant, isExact?: boolean): Promise<Load>
  /** Reads it anew the next time: its past has changed. */
  recount(place: Place): void
}

type Place = { readonly service: string; readonly environment: string }

const keptMs = 600_000

/** All requests of an environment's gateway in the hour before: answered, lost, or given up by who asked. */
const requestsIn = ({ service, environment }: Place) =>
  aggregate(
    'sum',
    [],
    over(
      'increase',
      series(requestsMetric, { service_name: service, deployment_environment_name: environment }),
      hourMs,
    ),
  )

async function wholeHours(store: SeriesStore, place: Place, at: Instant): Promise<readonly Hour[]> {
  const end = Math.floor(at / hourMs) * hourMs
  const [answer] = await store.range(requestsIn(place), end - lookBackMs + hourMs, end, hourMs)
  if (!answer) return []
  return Array.from(answer.times, (to, i) => ({ from: to - hourMs, requests: answer.values[i] ?? 0 }))
}

async function lastHour(store: SeriesStore, place: Place, at: Instant): Promise<Hour | undefined> {
  const [answer] = await store.instant(requestsIn(place), at)
  return answer && { from: at - hourMs, requests: answer.value }
}

/** Reads loads from the store of what is collected, by its roll-ups of an hour. */
export function createLoads(store: SeriesStore): Loads {
  const kept = new Map<string, { readonly at: Instant; readonly load: Promise<Load> }>()
  async function read(place: Place, at: Instant): Promise<Load> {
    return loadIn(await wholeHours(store, place, at), await lastHour(store, place, at))
  }
  const keyOf = ({ service, environment }: Place): string => JSON.stringify([service, environment])
  return {
    recount: (place) => void kept.delete(keyOf(place)),
    loadOf(place, at, isExact = false) {
      const key = keyOf(place)
      const known = kept.get(key)
      if (!isExact && known && at >= known.at && at - known.at < keptMs) return known.load
      const load = read(place, at)
      kept.set(key, { at, load })
      // What could not be read is read again.
      load.catch(() => kept.delete(key))
      return load
    },
  }
}
