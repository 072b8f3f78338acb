import { instantOf, rangeOf } from './answers.ts'
import type { Source, StoredSeries } from './query/evaluate.ts'
import { compileMatchers } from './query/matching.ts'
import { alive, isEndAt, placeAfter, type Samples, samplesOf, setEndAt } from './query/samples.ts'
import { summarize } from './query/summary.ts'
import type { Edition } from './query/windows.ts'
import { keyOf, type Labels, nameLabel, type Reading, staleMarker, withName, withoutName } from './series.ts'
import type { Appended, SeriesStore } from './store.ts'

/** The samples of one series, in arrays that grow. */
type Held = { readonly labels: Labels; samples: Samples; length: number }

const room = (length: number): Samples => samplesOf(new Float64Array(length), new Float64Array(length))

function grown(from: Samples): Samples {
  const larger = room(from.times.length * 2)
  larger.times.set(from.times)
  larger.words.set(from.words)
  return larger
}

function push(held: Held, { at, value }: Reading): void {
  if (held.length === held.samples.times.length) held.samples = grown(held.samples)
  held.samples.times[held.length] = at
  if (value === staleMarker) setEndAt(held.samples.words, held.length)
  else held.samples.values[held.length] = value
  held.length++
}

const places = ({ samples, length }: Held, from: number, to: number): readonly [number, number] => [
  placeAfter(samples.times, from, length),
  placeAfter(samples.times, to, length),
]

function stored(held: Held): StoredSeries {
  return {
    labels: held.labels,
    window: (from, to) => summarize(held.samples, ...places(held, from, to)),
    newest(from, to) {
      const [begin, end] = places(held, from, to)
      return end === begin || isEndAt(held.samples.words, end - 1) ? undefined : held.samples.values[end - 1]
    },
    values: (from, to) => alive(held.samples, ...places(held, from, to)).values,
  }
}

type Count = { -readonly [K in keyof Appended]: number }

/** Whether a reading says what stands at a place already. */
function isSame({ words, values }: Samples, i: number, value: Reading['value']): boolean {
  return isEndAt(words, i) ? value === staleMarker : Object.is(values[i], value)
}

function take(held: Held, reading: Reading, count: Count): void {
  const last = held.length - 1
  const newest = held.length > 0 ? (held.samples.times[last] as number) : -Infinity
  if (reading.at > newest) {
    push(held, reading)
    count.taken++
  } else if (reading.at < newest) count.outOfOrder++
  else if (!isSame(held.samples, last, reading.value)) count.duplicate++
}

/**
 * A store that ends with its process.
 * @param edition of Prometheus whose answers are given
 * @param mostSeries readings of further series are left out and counted
 */
export function memorySeries({
  mostSeries = Infinity,
  edition = 3,
}: {
  readonly mostSeries?: number
  readonly edition?: Edition
} = {}): SeriesStore {
  const all = new Map<string, Held>()
  const source: Source = {
    find(matchers) {
      const isMeant = compileMatchers(matchers)
      return [...all.values()].filter(({ labels }) => isMeant(labels)).map(stored)
    },
  }

  function heldFor({ name, labels }: Reading): Held | undefined {
    const full = withName(name, labels)
    const key = keyOf(full)
    const there = all.get(key)
    if (there || all.size >= mostSeries) return there
    const made: Held = { labels: Object.fromEntries(JSON.parse(key)), samples: room(16), length: 0 }
    all.set(key, made)
    return made
  }

  return {
    async append(readings) {
      const count: Count = { taken: 0, outOfOrder: 0, duplicate: 0, beyondLimit: 0 }
      for (const reading of readings) {
        const held = heldFor(reading)
        if (held) take(held, reading, count)
        else count.beyondLimit++
      }
      return count
    },
    async select(matchers, from, to) {
      const isMeant = compileMatchers(matchers)
      return [...all.values()].flatMap((held) => {
        if (!isMeant(held.labels)) return []
        const said = alive(held.samples, ...places(held, from, to))
        return said.times.length > 0
          ? [{ name: held.labels[nameLabel] ?? '', labels: withoutName(held.labels), ...said }]
          : []
      })
    },
    instant: async (query, at) => instantOf(source, query, at, edition),
    range: async (query, from, to, stepMs) => rangeOf(source, query, from, to, stepMs, edition),
    flush: async () => {},
    close: async () => {},
  }
}
