import type { Instant } from '../../kernel/index.ts'
import type { Answer, Points, SeriesStore } from '../../series/index.ts'
import { askInstant, askRange, type Place } from '../../series/remote/api.ts'
import type { Counts, Objective, WindowCounts } from '../plan/slo/counts.ts'
import type { Sli } from '../plan/slo/sli.ts'
import { type CountedWindow, countedWindows } from '../plan/slo/windows.ts'

/** What is counted with queries, and so by any store. */
export type Countable = Extract<Sli, { readonly is: 'queries' }>

/** Counts the events of an SLO; undefined where nothing is known. */
type Counter = {
  total(windowMs: number, at: Instant): Promise<number | undefined>
  bad(windowMs: number, at: Instant): Promise<number | undefined>
  /** Of how many parts of a window, each `partMs` long, something is known. */
  known(partMs: number, from: Instant, to: Instant): Promise<number>
}

const numberOf = ([first]: readonly Answer[]): number | undefined =>
  first && Number.isFinite(first.value) ? first.value : undefined
const stepsOf = ([parts]: readonly Points[]): number => parts?.values.length ?? 0

const counterIn = (store: SeriesStore, { total, bad }: Countable): Counter => ({
  total: async (windowMs, at) => numberOf(await store.instant(total(windowMs), at)),
  bad: async (windowMs, at) => numberOf(await store.instant(bad(windowMs), at)),
  known: async (partMs, from, to) => stepsOf(await store.range(total(partMs), from, to, partMs)),
})

const counterAt = (place: Place, { total, bad }: Exclude<Sli, Countable>): Counter => ({
  total: async (windowMs, at) => numberOf(await askInstant(place, total(windowMs), at)),
  bad: async (windowMs, at) => numberOf(await askInstant(place, bad(windowMs), at)),
  known: async (partMs, from, to) => stepsOf(await askRange(place, total(partMs), from, to, partMs)),
})

const nothing: Counts = { bad: 0, total: 0, coverage: 0 }

async function count(counter: Counter, { lengthMs, partMs }: CountedWindow, at: Instant): Promise<Counts> {
  const total = await counter.total(lengthMs, at)
  if (total === undefined) return nothing
  const bad = (await counter.bad(lengthMs, at)) ?? 0
  const known = await counter.known(partMs, at - lengthMs + partMs, at)
  // Counters that are read apart may be a scrape apart.
  return { bad: Math.min(total, Math.max(0, bad)), total, coverage: Math.min(1, (known * partMs) / lengthMs) }
}

/** What was counted of the windows of an SLO, and when. */
export type Counted = Map<number, { readonly counts: Counts; readonly at: Instant }>

/**
 * What is known of a long window changes slowly: it is counted again when a share of that has gone by, or a few minutes.
 * The part that has just begun does not count.
 */
const ageMs = ({ lengthMs, partMs }: CountedWindow, { coverage }: Counts): number =>
  Math.min((lengthMs * coverage - partMs) / 240, 300_000)

async function countWith(
  counter: Counter,
  slo: Pick<Objective, 'window'>,
  at: Instant,
  counted: Counted,
): Promise<WindowCounts> {
  for (const window of countedWindows(slo.window)) {
    const before = counted.get(window.lengthMs)
    if (before && at >= before.at && at - before.at < ageMs(window, before.counts)) continue
    counted.set(window.lengthMs, { counts: await count(counter, window, at), at })
  }
  const now = new Map([...counted].map(([lengthMs, { counts }]) => [lengthMs, counts]))
  return (lengthMs) => now.get(lengthMs) ?? nothing
}

/** What a store knows of an SLO: its alerts' windows and its period, as they are at a moment. */
export const countIn = (
  store: SeriesStore,
  slo: Pick<Objective, 'window'>,
  sli: Countable,
  at: Instant,
  counted: Counted = new Map(),
): Promise<WindowCounts> => countWith(counterIn(store, sli), slo, at, counted)

/**
 * What a Prometheus knows of one.
 * @throws PLM_SERIES_UNREACHABLE when it does not answer, PLM_QUERY_INVALID when it does not understand
 */
export const countAt = (
  place: Place,
  slo: Pick<Objective, 'window'>,
  sli: Exclude<Sli, Countable>,
  at: Instant,
  counted: Counted = new Map(),
): Promise<WindowCounts> => countWith(counterAt(place, sli), slo, at, counted)
