import { type Chunk, decode, encodings, joined, smallest } from '../chunk/chunk.ts'
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
  /** What it takes of memory, about. */
  readonly bytes: number
}

/** Chunks behind each other in one piece of memory: each piece costs more than the samples of a quarter of an hour. */
function appended(blocks: Uint8Array | undefined, { codec, count, bytes }: Chunk): Uint8Array<ArrayBuffer> {
  const before = blocks?.length ?? 0
  const longer = new Uint8Array(before + 4 + bytes.length)
  if (blocks) longer.set(blocks)
  longer.set([codec, count, bytes.length & 255, bytes.length >> 8], before)
  longer.set(bytes, before + 4)
  return longer
}

function* chunksIn(blocks: Uint8Array): Generator<Samples> {
  for (let at = 0; at < blocks.length; ) {
    const [codec = 0, count = 0, low = 0, high = 0] = blocks.subarray(at, at + 4)
    const end = at + 4 + low + 256 * high
    yield decode({ codec, count, bytes: blocks.slice(at + 4, end) })
    at = end
  }
}

/** A time as it stands in memory. */
const time = samplesOf(new Float64Array(1), new Float64Array(1))

/** @param newestBefore the time of the newest sample that a row has, -Infinity without any */
export function createHead(newestBefore: number): Head {
  const blocks = new Map<number, Uint8Array>()
  // First the times, then the values, by their words.
  let tail: Uint32Array<ArrayBuffer> | undefined
  let length = 0
  let slot = 0
  let newest = newestBefore
  // Of the newest sample; none is known of one that a row has.
  let [lastHigh, lastLow] = [-1, -1]

  const tailSamples = ({ buffer }: Uint32Array<ArrayBuffer>): Samples =>
    samplesOf(new Float64Array(buffer, 0, length), new Float64Array(buffer, 8 * tailLength, length))

  function shrink(): void {
    if (!tail || length === 0) return
    blocks.set(slot, appended(blocks.get(slot), smallest(encodings(tailSamples(tail)))))
    length = 0
  }

  function put(at: number, high: number, low: number): void {
    const its = slotOf(at)
    if (its !== slot || length === tailLength) shrink()
    slot = its
    tail ??= new Uint32Array(4 * tailLength)
    time.values[0] = at
    tail.set(time.words, 2 * length)
    tail[2 * (tailLength + length) + highWord] = high
    tail[2 * (tailLength + length) + 1 - highWord] = low
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
      const parts = [...chunksIn(blocks.get(wanted) ?? new Uint8Array(0))]
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
    get bytes() {
      let sum = tail ? tail.byteLength : 0
      for (const block of blocks.values()) sum += block.length
      return sum
    },
  }
}
