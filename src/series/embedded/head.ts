import { type Chunk, decode, encodings, joined, sliced, smallest } from '../chunk/chunk.ts'
import { slotOf } from '../chunk/grid.ts'
import { highWord, type Samples, samplesOf } from '../query/samples.ts'

/** So many samples stand as they are; then they are made small. */
const tailLength = 64

/** What a series said and no row has yet, small, by two hours. */
export interface Head {
  /** What becomes of a sample: see `Appended`. 'same' is said already. */
  push(at: number, high: number, low: number): 'taken' | 'same' | 'outOfOrder' | 'duplicate'
  /** The two hours that have something, oldest first. */
  slots(): readonly number[]
  /** Undefined without samples. */
  samples(slot: number): Samples | undefined
  /** Forgets two hours: a row has them. */
  forget(slot: number): void
  newest(): number
}

type Small = Pick<Chunk, 'codec' | 'count' | 'bytes'>

const room = (): Samples => samplesOf(new Float64Array(tailLength), new Float64Array(tailLength))

/** @param newestBefore the time of the newest sample that a row has, -Infinity without any */
export function createHead(newestBefore: number): Head {
  const blocks = new Map<number, Small[]>()
  let tail: Samples | undefined
  let length = 0
  let slot = 0
  let newest = newestBefore
  // Of the newest sample; none is known of one that a row has.
  let [lastHigh, lastLow] = [-1, -1]

  const tailSamples = (from: Samples): Samples => sliced(from, 0, length)

  function shrink(): void {
    if (!tail || length === 0) return
    const small = smallest(encodings(tailSamples(tail)))
    blocks.set(slot, [...(blocks.get(slot) ?? []), small])
    length = 0
  }

  function put(at: number, high: number, low: number): void {
    const its = slotOf(at)
    if (its !== slot || length === tailLength) shrink()
    slot = its
    tail ??= room()
    tail.times[length] = at
    tail.words[2 * length + highWord] = high
    tail.words[2 * length + 1 - highWord] = low
    length++
    newest = at
    lastHigh = high
    lastLow = low
  }

  return {
    push(at, high, low) {
      if (at > newest) {
        put(at, high, low)
        return 'taken'
      }
      if (at < newest) return 'outOfOrder'
      return lastHigh === -1 || (lastHigh === high && lastLow === low) ? 'same' : 'duplicate'
    },
    slots() {
      const all = new Set(blocks.keys())
      if (length > 0) all.add(slot)
      return [...all].sort((a, b) => a - b)
    },
    samples(wanted) {
      const parts = (blocks.get(wanted) ?? []).map(decode)
      if (tail && length > 0 && slot === wanted) parts.push(tailSamples(tail))
      return parts.length > 0 ? joined(parts) : undefined
    },
    forget(done) {
      blocks.delete(done)
      if (slot !== done) return
      length = 0
      tail = undefined
    },
    newest: () => newest,
  }
}
