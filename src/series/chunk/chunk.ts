import type { Samples } from '../query/samples.ts'
import { createByteReader, createByteWriter, Damaged } from './bytes.ts'
import { readTimes, writeTimes } from './times.ts'
import { type Codec, readValues, writeValues } from './values.ts'

/** Some samples of one series as bytes. */
export type Chunk = { readonly codec: Codec; readonly count: number; readonly bytes: Uint8Array<ArrayBuffer> }

/** A chunk has two hours of a series: what is taken for more is damaged. */
const mostSamples = 2 ** 24

/** Samples, at least one, in each way that can hold them; whoever stores them takes the smallest. */
export function encodings(samples: Samples): readonly Chunk[] {
  const writer = createByteWriter()
  writeTimes(writer, samples.times)
  const times = writer.done()
  return writeValues(samples).map(({ codec, bytes }) => {
    const whole = createByteWriter(times.length + bytes.length)
    whole.bytes(times)
    whole.bytes(bytes)
    return { codec, count: samples.times.length, bytes: whole.done() }
  })
}

export const smallest = (chunks: readonly Chunk[]): Chunk =>
  chunks.reduce((a, b) => (b.bytes.length < a.bytes.length ? b : a))

/** The samples of a chunk, bit for bit. @throws Damaged saying how it is not what was written */
export function decode({ codec, count, bytes }: Omit<Chunk, 'codec'> & { readonly codec: number }): Samples {
  if (!(count >= 1 && count <= mostSamples)) throw new Damaged(`has ${count} samples`)
  const reader = createByteReader(bytes)
  const times = readTimes(reader, count)
  const values = readValues(reader, codec, count)
  reader.end()
  return { times, ...values }
}

/** Samples, and those behind them. */
export function joined(parts: readonly Samples[]): Samples {
  if (parts.length === 1) return parts[0] as Samples
  const count = parts.reduce((sum, { times }) => sum + times.length, 0)
  const times = new Float64Array(count)
  const words = new Uint32Array(2 * count)
  let at = 0
  for (const part of parts) {
    times.set(part.times, at)
    words.set(part.words, 2 * at)
    at += part.times.length
  }
  return { times, words, values: new Float64Array(words.buffer) }
}

/** Those from place `begin` to before `end`, in the same memory. */
export const sliced = ({ times, values, words }: Samples, begin: number, end: number): Samples => ({
  times: times.subarray(begin, end),
  values: values.subarray(begin, end),
  words: words.subarray(2 * begin, 2 * end),
})
