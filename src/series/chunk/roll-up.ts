import type { Instant } from '../../kernel/index.ts'
import { isEndAt, placeAfter, type Samples, samplesOf } from '../query/samples.ts'
import { combine, type Summary, summarize } from '../query/summary.ts'
import { type ByteReader, type ByteWriter, createByteReader, createByteWriter, Damaged } from './bytes.ts'
import { hourMs, minutesMs, slotBegin, slotMs } from './grid.ts'
import { readValues, writeValues } from './values.ts'

/** What two hours of a series come to, in equal parts; undefined where a part has nothing. */
export type RollUp = {
  readonly partMs: number
  readonly parts: readonly (Summary | undefined)[]
  /** A bit for each part that has a marker of an end. */
  readonly ends: number
}

function hasEnd({ words }: Samples, begin: number, end: number): boolean {
  for (let i = begin; i < end; i++) if (isEndAt(words, i)) return true
  return false
}

/** Of five minutes each. */
export function rollUp(samples: Samples, slot: number): RollUp {
  const parts: (Summary | undefined)[] = []
  let ends = 0
  for (let i = 0; i < slotMs / minutesMs; i++) {
    const from = slotBegin(slot) + i * minutesMs
    const [begin, end] = [placeAfter(samples.times, from), placeAfter(samples.times, from + minutesMs)]
    parts.push(summarize(samples, begin, end))
    if (hasEnd(samples, begin, end)) ends |= 1 << i
  }
  return { partMs: minutesMs, parts, ends }
}

/** The same in parts of an hour. */
export function hoursOf({ parts }: RollUp): RollUp {
  const each = hourMs / minutesMs
  const hours = [0, 1].map((hour) =>
    parts.slice(hour * each, (hour + 1) * each).reduce<Summary | undefined>(combine, undefined),
  )
  return { partMs: hourMs, parts: hours, ends: 0 }
}

/** What is only written where it does not follow from the rest. */
const flags = { rising: 1, neverDropped: 2, flat: 4 } as const

// As `Object.is` has it: zero and the zero below zero are two.
const isRising = ({ first, last, min, max }: Summary): boolean =>
  Object.is(min, first) && Object.is(max, last)
const isFlat = (summary: Summary): boolean =>
  isRising(summary) &&
  Object.is(summary.last, summary.first) &&
  Object.is(summary.sum, summary.first * summary.count)

function flagsOf(summaries: readonly Summary[]): number {
  return (
    (summaries.every(isRising) ? flags.rising : 0) |
    (summaries.every(({ dropped }) => dropped === 0) ? flags.neverDropped : 0) |
    (summaries.every(isFlat) ? flags.flat : 0)
  )
}

type Field = 'first' | 'last' | 'sum' | 'min' | 'max' | 'dropped'

/** The fields that are written. */
function fieldsOf(flag: number): readonly Field[] {
  const dropped: readonly Field[] = flag & flags.neverDropped ? [] : ['dropped']
  if (flag & flags.flat) return ['first', ...dropped]
  const ends: readonly Field[] = flag & flags.rising ? [] : ['min', 'max']
  return ['first', 'last', 'sum', ...ends, ...dropped]
}

function writeField(writer: ByteWriter, summaries: readonly Summary[], field: Field): void {
  const values = Float64Array.from(summaries, (summary) => summary[field])
  const written = writeValues(samplesOf(values, values))
  const { codec, bytes } = written.reduce((a, b) => (b.bytes.length < a.bytes.length ? b : a))
  writer.byte(codec)
  writer.bytes(bytes)
}

/** @param slot that the roll-up is of */
export function encodeRollUp({ parts, ends, partMs }: RollUp, slot: number): Uint8Array<ArrayBuffer> {
  const writer = createByteWriter(128)
  const there = [...parts.keys()].filter((i) => parts[i])
  const summaries = there.map((i) => parts[i] as Summary)
  const flag = flagsOf(summaries)
  writer.varint(there.reduce((bits, i) => bits + 2 ** i, 0))
  writer.varint(ends)
  writer.byte(flag)
  // Each relative to the part before, which is mostly the same.
  let [count, begin, end] = [0, 0, 0]
  there.forEach((i, n) => {
    const summary = summaries[n] as Summary
    const from = slotBegin(slot) + i * partMs
    writer.signed(summary.count - count)
    writer.signed(summary.firstAt - from - begin)
    writer.signed(from + partMs - summary.lastAt - end)
    ;[count, begin, end] = [summary.count, summary.firstAt - from, from + partMs - summary.lastAt]
  })
  for (const field of fieldsOf(flag)) writeField(writer, summaries, field)
  return writer.done()
}

type Span = {
  readonly part: number
  readonly count: number
  readonly firstAt: Instant
  readonly lastAt: Instant
}

function readSpans(reader: ByteReader, there: readonly number[], partMs: number, slot: number): Span[] {
  let [count, begin, end] = [0, 0, 0]
  return there.map((part) => {
    const from = slotBegin(slot) + part * partMs
    count += reader.signed()
    begin += reader.signed()
    end += reader.signed()
    return { part, count, firstAt: from + begin, lastAt: from + partMs - end }
  })
}

type Fields = Partial<Record<Field, Float64Array>>

function summaryOf({ count, firstAt, lastAt }: Span, i: number, fields: Fields, flag: number): Summary {
  const at = (field: Field): number => fields[field]?.[i] ?? 0
  const first = at('first')
  const isFlatHere = (flag & flags.flat) !== 0
  const last = isFlatHere ? first : at('last')
  const rises = isFlatHere || (flag & flags.rising) !== 0
  return {
    count,
    firstAt,
    lastAt,
    first,
    last,
    sum: isFlatHere ? first * count : at('sum'),
    min: rises ? first : at('min'),
    max: rises ? last : at('max'),
    dropped: at('dropped'),
  }
}

/** @throws Damaged */
export function decodeRollUp(bytes: Uint8Array, slot: number, partMs: number): RollUp {
  const reader = createByteReader(bytes)
  const bits = reader.varint()
  const ends = reader.varint()
  const flag = reader.byte()
  const all = slotMs / partMs
  if (bits >= 2 ** all) throw new Damaged('has more parts than there are')
  const there = Array.from({ length: all }, (_, i) => i).filter((i) => Math.floor(bits / 2 ** i) % 2 === 1)
  const spans = readSpans(reader, there, partMs, slot)
  const fields: Fields = {}
  for (const field of fieldsOf(flag)) fields[field] = readValues(reader, reader.byte(), there.length).values
  reader.end()
  const parts: (Summary | undefined)[] = Array.from({ length: all })
  spans.forEach((span, i) => {
    parts[span.part] = summaryOf(span, i, fields, flag)
  })
  return { partMs, parts, ends }
}
