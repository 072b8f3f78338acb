import type { Instant } from '../../kernel/index.ts'
import { keyOf, type Matcher, type Points, type Query, type SeriesStore } from '../../series/index.ts'
import type { WindowCounts } from '../plan/slo/counts.ts'
import { type Adds, growthOf } from '../plan/slo/recorded.ts'
import { type Events, type Reads, readsOf } from '../plan/slo/sli.ts'
import { createTrail, type Trail } from '../plan/slo/trail.ts'

const minuteMs = 60_000
const partMs = 5 * minuteMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/**
 * A sample may be told so much later than its time says: the zero of a fleet that is new, a look later. Looks are at most
 * two minutes apart.
 */
const lateMs = 2.5 * minuteMs
const looksLate = 3
/** Between samples that are farther apart nobody looked. */
const gapMs = 5 * minuteMs
/** A series that has said nothing for so long has ended. */
const endedMs = hourMs
/** After so long without a look it is begun anew. */
const pauseMs = 2 * hourMs
/** And now and then: history may have been filled in. */
const renewMs = 12 * hourMs

/** Added at a time: what was counted, and for how long before it somebody looked. */
type Added = Map<Instant, { value: number; sinceMs: number }>

/** The newest sample of each series, and what those that are newer add. */
function createNewest(adds: Adds) {
  const newest = new Map<string, { at: Instant; value: number }>()
  return {
    take(all: readonly Points[], after: Instant): Added {
      const added: Added = new Map()
      for (const { name, labels, times, values } of all) {
        const key = `${name}${keyOf(labels)}`
        let last = newest.get(key)
        for (let i = 0; i < times.length; i++) {
          const [at, value] = [times[i] as number, values[i] as number]
          if (last && at <= last.at) continue
          if (last && at > after) {
            const one = added.get(at) ?? { value: 0, sinceMs: 0 }
            one.value += adds(last.value, value)
            one.sinceMs = Math.max(one.sinceMs, at - last.at)
            added.set(at, one)
          }
          last = { at, value }
        }
        if (last) newest.set(key, last)
      }
      return added
    },
    forget(before: Instant): void {
      for (const [key, { at }] of newest) if (at < before) newest.delete(key)
    },
  }
}

/** @returns how far apart samples are */
type Steps = (from: Instant, to: Instant, after: Instant) => Promise<number>

/** Adds what samples say between two moments to a trail. */
function stepsOf(store: SeriesStore, events: Events, trail: Trail): Steps {
  const isAsked = events.is === 'asked'
  const isBadAmong = isAsked ? () => true : events.isBad
  const total: readonly Matcher[] = isAsked ? events.asked : events.total
  const some = isAsked ? events.asked : (events.bad ?? events.good ?? events.total)
  const isBad = isAsked || events.bad !== undefined
  const newestTotal = createNewest(isAsked ? () => 1 : growthOf)
  const newestSome = createNewest(isAsked ? (_, value) => 1 - value : growthOf)
  let knownUntil = Number.NEGATIVE_INFINITY
  return async (from, to, after) => {
    const told = await store.select(total, from, to)
    const toldOfSome = isBadAmong
      ? told.filter(({ labels }) => isBadAmong(labels))
      : await store.select(some, from, to)
    const all = newestTotal.take(told, after)
    const those = newestSome.take(toldOfSome, after)
    for (const at of [...new Set([...all.keys(), ...those.keys()])].sort((a, b) => a - b)) {
      const { value = 0, sinceMs = 0 } = all.get(at) ?? {}
      const part = those.get(at)?.value ?? 0
      // Several series tell of the same time.
      const known = sinceMs > gapMs ? 0 : Math.max(0, Math.min(sinceMs, at - knownUntil))
      knownUntil = Math.max(knownUntil, at)
      // Before the look that it is counted from nothing of it happened.
      trail.add({ at: at - sinceMs, total: 0, bad: 0, known: 0 })
      trail.add({ at, total: value, bad: isBad ? part : value - part, known })
    }
    newestTotal.forget(to - endedMs)
    newestSome.forget(to - endedMs)
    return Math.max(0, ...[...all.values()].map(({ sinceMs }) => sinceMs))
  }
}

/** The sum of all that is told of a time, by time. */
function sumsOf(all: readonly Points[]): Map<Instant, number> {
  const sums = new Map<Instant, number>()
  for (const { times, values } of all)
    times.forEach((at: number, i: number) => {
      sums.set(at, (sums.get(at) ?? 0) + (values[i] ?? 0))
    })
  return sums
}

/** Adds what roll-ups say, in equal parts. */
async function addParts(
  store: SeriesStore,
  { total, some, areBad, isBad }: Reads,
  trail: Trail,
  { from, to, stepMs }: { readonly from: Instant; readonly to: Instant; readonly stepMs: number },
): Promise<void> {
  if (to <= from) return
  const ask = (query: Query) => store.range(query, from + stepMs, to, stepMs)
  const all = await ask(total(stepMs))
  const sums = sumsOf(all)
  const those = sumsOf(isBad ? all.filter(({ labels }) => isBad(labels)) : await ask(some(stepMs)))
  for (const [at, value] of [...sums].sort(([a], [b]) => a - b)) {
    if (!Number.isFinite(value)) continue
    const part = those.get(at) ?? 0
    // What was before it, and nobody knows of, counts for nothing.
    trail.add({ at: at - stepMs, total: 0, bad: 0, known: 0 })
    trail.add({ at, total: value, bad: areBad ? part : value - part, known: stepMs })
  }
}

type Followed = {
  readonly events: Events
  readonly periodMs: number
  /** Of many that are followed: no two are begun anew in one moment. */
  readonly number: number
}

/**
 * Counts the windows of an objective over a store again and again, each time only what has come since: the first look reads
 * hours, then five minutes, then samples; the next ones a few samples of each series.
 */
export function followEvents(store: SeriesStore, { events, periodMs, number }: Followed) {
  const reads = readsOf(events)
  const renewAfterMs = renewMs * (1 + ((number * 0.618) % 1))
  let lookedAt = Number.NEGATIVE_INFINITY
  let begunAt = Number.NEGATIVE_INFINITY
  let trail: Trail = createTrail(0, periodMs)
  let steps: Steps = async () => 0
  let apartMs = 0
  /** One after the other: two looks at once would count the same twice. */
  let looking: Promise<unknown> = Promise.resolve()

  async function begin(at: Instant): Promise<void> {
    const hours = Math.floor((at - 3 * dayMs) / hourMs) * hourMs
    const samples = Math.floor((at - 2 * hourMs) / partMs) * partMs
    const from = Math.floor((at - periodMs) / hourMs) * hourMs
    const begun = createTrail(from, periodMs)
    await addParts(store, reads, begun, { from, to: hours, stepMs: hourMs })
    await addParts(store, reads, begun, { from: hours, to: samples, stepMs: partMs })
    const taking = stepsOf(store, events, begun)
    await taking(samples - gapMs, at, samples)
    ;[trail, steps, begunAt] = [begun, taking, at]
  }

  async function goOn(at: Instant): Promise<void> {
    const backMs = apartMs === 0 ? lateMs : Math.min(lateMs, Math.max(15_000, looksLate * apartMs))
    apartMs = (await steps(lookedAt - backMs, at, Number.NEGATIVE_INFINITY)) || apartMs
  }

  async function look(at: Instant): Promise<WindowCounts> {
    const isNew = at - lookedAt > pauseMs || at < lookedAt - lateMs || at - begunAt > renewAfterMs
    if (isNew) await begin(at)
    else if (at > lookedAt) await goOn(at)
    lookedAt = isNew ? at : Math.max(at, lookedAt)
    return trail.countsAt(at)
  }

  return (at: Instant): Promise<WindowCounts> => {
    const next = looking.then(
      () => look(at),
      () => look(at),
    )
    looking = next
    return next
  }
}

export type Following = ReturnType<typeof followEvents>
