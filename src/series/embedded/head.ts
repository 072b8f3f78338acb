import { type Chunk, decode, encodings, joined, smallest } from '../chunk/chunk.ts'
import { slotBegin, slotOf } from '../chunk/grid.ts'
import type { Samples } from '../query/samples.ts'
import type { CellList, Cells } from './cells.ts'
import { type Tails, tailLength } from './tails.ts'

/** A chunk as it stands behind others. */
function framed({ codec, count, bytes }: Chunk): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(4 + bytes.length)
  whole.set([codec, count, bytes.length & 255, bytes.length >> 8])
  whole.set(bytes, 4)
  return whole
}

function* chunksIn(blocks: Uint8Array): Generator<Samples> {
  for (let at = 0; at < blocks.length; ) {
    const [codec = 0, count = 0, low = 0, high = 0] = blocks.subarray(at, at + 4)
    const end = at + 4 + low + 256 * high
    yield decode({ codec, count, bytes: blocks.slice(at + 4, end) })
    at = end
  }
}

/** What was made small of two hours: chunks behind each other. */
type Blocks = { readonly slot: number; readonly list: CellList }

/** Memory that the heads of all series share. */
export type Room = { readonly tails: Tails; readonly cells: Cells }

const noTail = -1

/** What a series said and no row has yet, small, by two hours. A class, since there are ten thousand of them. */
export class Head {
  readonly #room: Room
  #blocks: Blocks[] | undefined
  #tail = noTail
  /** Samples in the tail, all of one two hours. */
  #length = 0
  #slot = 0
  #newest: number
  // Of the newest sample; none is known of one that a row has.
  #lastHigh = -1
  #lastLow = -1

  /** @param newestBefore the time of the newest sample that a row has, -Infinity without any */
  constructor(newestBefore: number, room: Room) {
    this.#newest = newestBefore
    this.#room = room
  }

  /** What becomes of a sample: see `Appended`. 'same' is said already. */
  push(at: number, high: number, low: number): 'taken' | 'same' | 'outOfOrder' | 'duplicate' {
    if (at > this.#newest) {
      this.#put(at, high, low)
      return 'taken'
    }
    if (at < this.#newest) return 'outOfOrder'
    return this.#lastHigh === -1 || (this.#lastHigh === high && this.#lastLow === low) ? 'same' : 'duplicate'
  }

  /** The two hours that have something, oldest first. */
  slots(): readonly number[] {
    const all = (this.#blocks ?? []).map(({ slot }) => slot)
    return this.#length > 0 && all.at(-1) !== this.#slot ? [...all, this.#slot] : all
  }

  /** Undefined without samples. */
  samples(wanted: number): Samples | undefined {
    const blocks = this.#blocks?.find(({ slot }) => slot === wanted)
    const parts = blocks ? [...chunksIn(this.#room.cells.read(blocks.list))] : []
    if (this.#length > 0 && this.#slot === wanted) parts.push(this.#tailSamples())
    return parts.length > 0 ? joined(parts) : undefined
  }

  /** Forgets two hours: a row has them. */
  forget(done: number): void {
    const { cells, tails } = this.#room
    const blocks = this.#blocks?.find(({ slot }) => slot === done)
    if (blocks) cells.give(blocks.list)
    const left = this.#blocks?.filter((one) => one !== blocks)
    this.#blocks = left?.length === 0 ? undefined : left
    if (this.#slot !== done) return
    this.#length = 0
    if (this.#tail !== noTail) tails.give(this.#tail)
    this.#tail = noTail
  }

  newest(): number {
    return this.#newest
  }

  /** What its samples take of memory, about. */
  get bytes(): number {
    return (this.#blocks ?? []).reduce((sum, { list }) => sum + list.length, 12 * this.#length)
  }

  #tailSamples(): Samples {
    return this.#room.tails.samples(this.#tail, this.#length, slotBegin(this.#slot))
  }

  #shrink(): void {
    if (this.#length === 0) return
    const chunk = smallest(encodings(this.#tailSamples()))
    this.#blocks ??= []
    const { cells } = this.#room
    if (this.#blocks.at(-1)?.slot !== this.#slot) this.#blocks.push({ slot: this.#slot, list: cells.list() })
    const list = this.#blocks.at(-1)?.list
    if (list) cells.append(list, framed(chunk))
    this.#length = 0
  }

  #put(at: number, high: number, low: number): void {
    const its = slotOf(at)
    if (its !== this.#slot || this.#length === tailLength) this.#shrink()
    this.#slot = its
    if (this.#tail === noTail) this.#tail = this.#room.tails.take()
    this.#room.tails.put(this.#tail, this.#length++, at - slotBegin(its), high, low)
    this.#newest = at
    this.#lastHigh = high
    this.#lastLow = low
  }
}
