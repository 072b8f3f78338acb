import { evenly, type History } from '../forecast/index.ts'
import type { Instant } from '../kernel/index.ts'
import type { Answer, Labels, Query, SeriesStore } from '../series/index.ts'

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
}

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
})
