import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { createByteReader, createByteWriter } from '../chunk/bytes.ts'
import { seal, unseal } from './pack.ts'

/** Samples of whatever series, in the order in which they were said. */
export interface Batch {
  add(series: number, at: number, high: number, low: number): void
  readonly size: number
  /** The newest two hours that are touched. */
  readonly newestSlot: number
  /** What was added, as bytes, and begins anew. */
  take(): Uint8Array<ArrayBuffer>
}

/** @param slotOf the two hours of a time */
export function createBatch(slotOf: (at: number) => number): Batch {
  let writer = createByteWriter(4_096)
  let [size, series, at, newestSlot] = [0, 0, 0, 0]
  return {
    add(itsSeries, itsAt, high, low) {
      writer.signed(itsSeries - series)
      writer.signed(itsAt - at)
      writer.word(high)
      writer.word(low)
      ;[series, at] = [itsSeries, itsAt]
      newestSlot = Math.max(newestSlot, slotOf(itsAt))
      size++
    },
    get size() {
      return size
    },
    get newestSlot() {
      return newestSlot
    },
    take() {
      const head = createByteWriter(8)
      head.varint(size)
      head.bytes(writer.done())
      writer = createByteWriter(4_096)
      ;[size, series, at, newestSlot] = [0, 0, 0, 0]
      return seal(deflateRawSync(head.done(), { level: 1 }))
    },
  }
}

/** Tells of each sample of a batch again. @throws Damaged, before any of them */
export function replay(
  row: Uint8Array,
  tell: (series: number, at: number, high: number, low: number) => void,
): void {
  const reader = createByteReader(inflateRawSync(unseal(row)))
  const size = reader.varint()
  let [series, at] = [0, 0]
  for (let i = 0; i < size; i++) {
    series += reader.signed()
    at += reader.signed()
    const high = reader.word()
    tell(series, at, high, reader.word())
  }
}

/** Rows that are still to be written, oldest first. */
export interface Unwritten {
  add(row: Row): void
  all(): readonly Row[]
  /** They are written. */
  clear(): void
  /** Forgets those that have nothing newer than a slot. */
  forget(slot: number): void
  readonly samples: number
  readonly bytes: number
}

type Row = { readonly slot: number; readonly samples: number; readonly bytes: Uint8Array }

export function createUnwritten(): Unwritten {
  let rows: Row[] = []
  const sum = (of: (row: Row) => number): number => rows.reduce((all, row) => all + of(row), 0)
  return {
    add: (row) => void rows.push(row),
    all: () => rows,
    clear() {
      rows = []
    },
    forget(slot) {
      rows = rows.filter((row) => row.slot > slot)
    },
    get samples() {
      return sum((row) => row.samples)
    },
    get bytes() {
      return sum((row) => row.bytes.length)
    },
  }
}
