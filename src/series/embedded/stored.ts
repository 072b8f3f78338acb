import type { Instant } from '../../kernel/index.ts'
import { Damaged } from '../chunk/bytes.ts'
import { joined, sliced } from '../chunk/chunk.ts'
import { hourMs, minutesMs, slotBegin, slotEnd, slotMs, slotOf } from '../chunk/grid.ts'
import { decodeRollUp, type RollUp } from '../chunk/roll-up.ts'
import type { StoredSeries } from '../query/evaluate.ts'
import { alive, isEndAt, placeAfter, type Samples } from '../query/samples.ts'
import { combine, type Summary, summarize } from '../query/summary.ts'
import type { Entry } from './catalog.ts'
import type { Days } from './days.ts'
import { unpackChunk, unseal, unsqueeze } from './pack.ts'

/** Told of two hours that cannot be read: they are missing from the answer, everything else is in it. */
export type OnDamage = (entry: Entry, slot: number, because: Damaged) => void

type Level = 'hours' | 'minutes'
const partMs = { hours: hourMs, minutes: minutesMs } as const

/** Two hours of a series, read as far as they are asked for. */
interface Slot {
  rolled(level: Level): RollUp | undefined
  samples(): Samples | undefined
}

function once<T>(read: () => T): () => T {
  let done: { readonly value: T } | undefined
  return () => {
    done ??= { value: read() }
    return done.value
  }
}

function readSlot(entry: Entry, slot: number, days: Days, onDamage: OnDamage): Slot {
  const whole = <T>(read: () => T | undefined): T | undefined => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof Damaged)) throw error
      onDamage(entry, slot, error)
      return undefined
    }
  }
  const fresh = once(() => entry.head?.samples(slot))
  const row = once(() => whole(() => days.rolled(entry.id, slot)))
  const decoded = (level: Level) =>
    once(() =>
      whole(() => {
        const bytes = row()?.[level]
        return bytes && decodeRollUp(unsqueeze(unseal(bytes)), slot, partMs[level])
      }),
    )
  const rolled = { hours: decoded('hours'), minutes: decoded('minutes') }
  return {
    // What is said since counts as well, and no roll-up has it.
    rolled: (level) => (fresh() ? undefined : rolled[level]()),
    samples: once(() => {
      const sealed = whole(() => {
        const chunk = days.chunk(entry.id, slot)
        return chunk && unpackChunk(chunk)
      })
      return append(sealed, fresh())
    }),
  }
}

/** Both, where the later ones may begin with what the first have already: a crash lies between two writes. */
export function append(first: Samples | undefined, later: Samples | undefined): Samples | undefined {
  if (!first || !later) return first ?? later
  const begin = placeAfter(later.times, first.times.at(-1) as number)
  return begin === later.times.length ? first : joined([first, sliced(later, begin, later.times.length)])
}

const below = { hours: 'minutes', minutes: undefined } as const

/** What is in a part of two hours, from the largest parts that fit and, at its edges, from smaller ones. */
function summed(
  slot: Slot,
  begin: Instant,
  level: Level | undefined,
  from: Instant,
  to: Instant,
): Summary | undefined {
  if (!level) {
    const samples = slot.samples()
    return samples && summarize(samples, placeAfter(samples.times, from), placeAfter(samples.times, to))
  }
  const rolled = slot.rolled(level)
  const first = Math.ceil((from - begin) / partMs[level])
  const last = Math.floor((to - begin) / partMs[level])
  if (!rolled || first >= last) return summed(slot, begin, below[level], from, to)
  const [left, right] = [begin + first * partMs[level], begin + last * partMs[level]]
  const middle = rolled.parts.slice(first, last).reduce<Summary | undefined>(combine, undefined)
  const before = from < left ? summed(slot, begin, below[level], from, left) : undefined
  const behind = right < to ? summed(slot, begin, below[level], right, to) : undefined
  return combine(combine(before, middle), behind)
}

/** The newest sample of a part of two hours; 'none' without any. */
function newestIn(slot: Slot, begin: Instant, from: Instant, to: Instant): number | 'none' | 'ended' {
  const place = (to - begin) / minutesMs - 1
  const isPart = Number.isInteger(place) && to - from === minutesMs && from >= begin
  const rolled = isPart ? slot.rolled('minutes') : undefined
  if (rolled && (rolled.ends & (1 << place)) === 0) return rolled.parts[place]?.last ?? 'none'
  const samples = slot.samples()
  const end = samples ? placeAfter(samples.times, to) : 0
  if (!samples || end === 0 || (samples.times[end - 1] as number) <= from) return 'none'
  return isEndAt(samples.words, end - 1) ? 'ended' : (samples.values[end - 1] as number)
}

/** A series on days and what was said since. */
export type Stored = StoredSeries & { samples(from: Instant, to: Instant): readonly Samples[] }

export function storedSeries(entry: Entry, days: Days, onDamage: OnDamage): Stored {
  const slots = new Map<number, Slot>()
  const slotAt = (number: number): Slot => {
    const there = slots.get(number)
    if (there) return there
    const made = readSlot(entry, number, days, onDamage)
    slots.set(number, made)
    return made
  }
  const newest = slotOf(Math.max(entry.sealedUntil, entry.head?.newest() ?? -Infinity))
  const oldestDay = days.all()[0]
  const inDays = oldestDay === undefined ? Number.POSITIVE_INFINITY : slotOf(oldestDay * 86_400_000) + 1
  const oldest = Math.min(inDays, entry.head?.slots()[0] ?? Number.POSITIVE_INFINITY)
  /** The two hours that lie in between, with what of them does. */
  function* within(from: Instant, to: Instant) {
    const end = Math.min(slotOf(to), newest)
    const start = Math.min(oldest, end)
    for (let number = Math.max(Math.floor(from / slotMs) + 1, start); number <= end; number++)
      yield {
        slot: slotAt(number),
        begin: slotBegin(number),
        from: Math.max(from, slotBegin(number)),
        to: Math.min(to, slotEnd(number)),
      }
  }
  const pieces = (from: Instant, to: Instant): Samples[] =>
    [...within(from, to)].flatMap(({ slot, from, to }) => {
      const samples = slot.samples()
      if (!samples) return []
      return [sliced(samples, placeAfter(samples.times, from), placeAfter(samples.times, to))]
    })
  return {
    labels: entry.labels,
    window(from, to) {
      let sum: Summary | undefined
      for (const { slot, begin, from: left, to: right } of within(from, to))
        sum = combine(sum, summed(slot, begin, 'hours', left, right))
      return sum
    },
    newest(from, to) {
      for (const { slot, begin, from: left, to: right } of [...within(from, to)].reverse()) {
        const found = newestIn(slot, begin, left, right)
        if (found !== 'none') return found === 'ended' ? undefined : found
      }
      return undefined
    },
    values(from, to) {
      const all = pieces(from, to)
      if (all.length === 0) return new Float64Array(0)
      const whole = joined(all)
      return alive(whole, 0, whole.times.length).values
    },
    samples: pieces,
  }
}
