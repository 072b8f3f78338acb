import type { Instant } from '../../kernel/index.ts'
import type { Query, SeriesStore } from '../../series/index.ts'
import type { Counts, Objective, WindowCounts } from '../plan/slo/counts.ts'
import type { Sli } from '../plan/slo/sli.ts'
import { alertWindows } from '../plan/slo/windows.ts'

const hourMs = 3_600_000

/** What is counted with queries, and so by any store. */
export type Countable = Extract<Sli, { readonly is: 'queries' }>

/** A window, and the parts by which it is said how much of it is known. */
type Window = { readonly lengthMs: number; readonly partMs: number }

function windowsOf({ window }: Objective): readonly Window[] {
  const windows = alertWindows(window)
  const all: readonly Window[] = [
    ...windows.map(({ shortMs }) => ({ lengthMs: shortMs, partMs: shortMs })),
    // What is short for one alert may be long for another: then how much of it is known counts.
    ...windows.map(({ longMs, shortMs }) => ({ lengthMs: longMs, partMs: shortMs })),
    { lengthMs: window, partMs: hourMs },
  ]
  return [...new Map(all.map((one) => [one.lengthMs, one])).values()]
}

async function numberOf(store: SeriesStore, query: Query, at: Instant): Promise<number | undefined> {
  const [first] = await store.instant(query, at)
  return first && Number.isFinite(first.value) ? first.value : undefined
}

async function count(
  store: SeriesStore,
  sli: Countable,
  { lengthMs, partMs }: Window,
  at: Instant,
): Promise<Counts> {
  const total = await numberOf(store, sli.total(lengthMs), at)
  if (total === undefined) return { bad: 0, total: 0, coverage: 0 }
  const bad = (await numberOf(store, sli.bad(lengthMs), at)) ?? 0
  const [parts] = await store.range(sli.total(partMs), at - lengthMs + partMs, at, partMs)
  const known = parts?.values.length ?? 0
  // Counters that are read apart may be a scrape apart.
  return { bad: Math.min(total, Math.max(0, bad)), total, coverage: Math.min(1, (known * partMs) / lengthMs) }
}

/** What a store knows of an SLO: its alerts' windows and its period, as they are at a moment. */
export async function countIn(
  store: SeriesStore,
  slo: Objective,
  sli: Countable,
  at: Instant,
): Promise<WindowCounts> {
  const counted = new Map<number, Counts>()
  for (const window of windowsOf(slo)) counted.set(window.lengthMs, await count(store, sli, window, at))
  return (lengthMs) => counted.get(lengthMs) ?? { bad: 0, total: 0, coverage: 0 }
}
