import { type Instant, PlimsollError } from '../../kernel/index.ts'
import type { Matcher, SeriesStore } from '../../series/index.ts'
import { askRange, type Place } from '../../series/remote/api.ts'
import type { Secrets } from '../access/let-in.ts'
import { placeAt } from '../access/prometheus.ts'
import { type Adds, createTally, growthOf, type Recorded } from '../plan/slo/recorded.ts'
import { type Events, eventsOf, type Sli, sliOf } from '../plan/slo/sli.ts'
import type { Promised } from './budgets.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

/** A day at a time: others are to be answered in between. */
async function tallied(
  store: SeriesStore,
  matchers: readonly Matcher[],
  from: Instant,
  to: Instant,
  adds: Adds = growthOf,
): Promise<ReturnType<typeof createTally>> {
  const tally = createTally(from, to, minuteMs, adds)
  for (let day = from; day < to; day += dayMs)
    tally.take(await store.select(matchers, day, Math.min(to, day + dayMs)))
  return tally
}

/** Probes: each time that one asked counts. */
async function asked(store: SeriesStore, matchers: readonly Matcher[], from: Instant, to: Instant) {
  const all = await tallied(store, matchers, from, to, () => 1)
  const wrong = await tallied(store, matchers, from, to, (_, value) => 1 - value)
  return { from, partMs: minuteMs, total: all.growth, bad: wrong.growth, known: all.known }
}

/** As it was collected: each sample counts. */
async function recordedIn(store: SeriesStore, events: Events, from: Instant, to: Instant): Promise<Recorded> {
  if (events.is === 'asked') return asked(store, events.asked, from, to)
  const { total, bad, good } = events
  const all = await tallied(store, total, from, to)
  const some = await tallied(store, bad ?? good ?? total, from, to)
  const parts = { from, partMs: minuteMs }
  if (bad) return { ...parts, total: all.growth, bad: some.growth, known: all.known }
  // Where good events were not counted, such as at an edge that the histogram has not had, nothing is known.
  const isTold = (i: number): boolean => all.known[i] !== 1 || some.known[i] === 1
  return {
    ...parts,
    total: all.growth.map((value, i) => (isTold(i) ? value : 0)),
    bad: all.growth.map((value, i) => (isTold(i) ? value - (some.growth[i] ?? 0) : 0)),
    known: some.known,
  }
}

/** A Prometheus answers 11,000 steps at once, and is asked for five minutes a step. */
const stepMs = 300_000
const stepsAtOnce = 10_000

async function stepsAt(
  place: Place,
  promql: string,
  from: Instant,
  to: Instant,
): Promise<{ readonly values: Float64Array; readonly known: Uint8Array }> {
  const parts = Math.ceil((to - from) / stepMs)
  const [values, known] = [new Float64Array(parts), new Uint8Array(parts)]
  for (let part = 0; part < parts; part += stepsAtOnce) {
    const last = Math.min(parts, part + stepsAtOnce)
    const at = (one: number): Instant => from + (one + 1) * stepMs
    const [points] = await askRange(place, promql, at(part), at(last - 1), stepMs)
    points?.times.forEach((time: number, i: number) => {
      const value = points.values[i] ?? 0
      if (!Number.isFinite(value)) return
      values[Math.round((time - from) / stepMs) - 1] = value
      known[Math.round((time - from) / stepMs) - 1] = 1
    })
  }
  return { values, known }
}

async function recordedAt(
  place: Place,
  { bad, total }: Extract<Sli, { is: 'promql' }>,
  from: Instant,
  to: Instant,
): Promise<Recorded> {
  const all = await stepsAt(place, total(stepMs), from, to)
  const some = await stepsAt(place, bad(stepMs), from, to)
  return { from, partMs: stepMs, total: all.values, bad: some.values, known: all.known }
}

/** A long range takes its time. */
const timeoutMs = 60_000

/** Where it was recorded: in the store, or in the team's Prometheus. */
export type Sources = { readonly store: SeriesStore; readonly secrets: Secrets }

/**
 * What was recorded of a promise between two moments.
 * @throws PLM_SERIES_UNREACHABLE, PLM_QUERY_INVALID of a Prometheus
 */
export async function recordedOf(
  { store, secrets }: Sources,
  promised: Promised,
  from: Instant,
  to: Instant,
): Promise<Recorded> {
  const { slo, prometheus } = promised
  const events = eventsOf(slo, promised)
  if (events) return recordedIn(store, events, from, to)
  const sli = sliOf(slo, promised)
  if (sli.is !== 'promql' || prometheus === undefined)
    throw new PlimsollError('PLM_SERIES_UNREACHABLE', `${slo.name}: no Prometheus is named to ask`)
  return recordedAt(await placeAt(prometheus, secrets, timeoutMs), sli, from, to)
}
