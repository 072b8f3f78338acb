import { evenly, type History } from '../forecast/index.ts'
import type { Instant } from '../kernel/index.ts'
import {
  type Answer,
  aggregate,
  type Labels,
  over,
  type Query,
  type SeriesStore,
  series,
} from '../series/index.ts'
import type { ContainerUsed } from './plan/headroom/use.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Further back says little of the growth there is now. */
const lookBackMs = 60 * dayMs
/** Of what nothing has been said for so long, it is not there any more. */
const goneAfterMs = dayMs

/** What a question over hours was answered, hour by hour. */
export type Hourly = {
  readonly labels: Labels
  readonly history: History
  /** The last that is known. */
  readonly newest: number
}

/** What has been collected of things that fill up. */
export interface Peaks {
  /**
   * Of the last sixty days, whole hours only; what was told for the last time a day ago is left out.
   * @param query over windows of an hour
   */
  hourly(query: Query, at: Instant): Promise<readonly Hourly[]>
  now(query: Query, at: Instant): Promise<readonly Answer[]>
  /** The most that one instance of a fleet has used of anything within a time, container by container. */
  used(fleet: string, from: Instant, to: Instant): Promise<readonly ContainerUsed[]>
}

const container = 'container_name'
const minuteMs = 60_000
/** So far apart what was used is looked at. */
const lookMs = 15_000

const given = <K extends string>(key: K, value: number | undefined) =>
  (value === undefined || !Number.isFinite(value) ? {} : { [key]: value }) as { readonly [k in K]?: number }

export const createPeaks = (store: SeriesStore): Peaks => ({
  async hourly(query, at) {
    const end = Math.floor(at / hourMs) * hourMs
    const all = await store.range(query, end - lookBackMs + hourMs, end, hourMs)
    return all.flatMap(({ labels, times, values }) => {
      // What is said at the end of an hour is of that hour.
      const points = Array.from(times, (time, i) => ({ at: time - hourMs, value: values[i] ?? Number.NaN }))
      const known = points.filter(({ value }) => Number.isFinite(value))
      const last = known.at(-1)
      if (!last || end - last.at > goneAfterMs) return []
      return [{ labels, history: evenly(known, hourMs), newest: last.value }]
    })
  },
  now: (query, at) => store.instant(query, at),
  async used(fleet, from, to) {
    const most = async (query: Query, since: Instant): Promise<ReadonlyMap<string, number>> => {
      const all = since < to ? await store.range(aggregate('max', [container], query), since, to, lookMs) : []
      return new Map(
        all.map(({ labels, values }) => [labels[container] ?? '', Math.max(...Array.from(values))] as const),
      )
    }
    const of = { plimsoll_fleet: fleet }
    const cpus = await most(
      over('rate', series('container_cpu_time_seconds_total', of), minuteMs),
      from + minuteMs,
    )
    const memory = await most(
      over('max_over_time', series('container_memory_usage_bytes', of), minuteMs),
      from,
    )
    return [...new Set([...cpus.keys(), ...memory.keys()])].map((name) => ({
      name,
      ...given('cpus', cpus.get(name)),
      ...given('memoryBytes', memory.get(name)),
    }))
  },
})
