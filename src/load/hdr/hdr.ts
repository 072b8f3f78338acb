import { deflateSync, inflateSync } from 'node:zlib'
import type { HistogramCounts, Problem } from '../../kernel/index.ts'
import { type Layout, layoutOf, type Range } from './layout.ts'
import { readZigzag, writeZigzag } from './zigzag.ts'

/**
 * The exchange format of HdrHistogram, version 2, as its public libraries write it (all numbers big-endian):
 *
 *     cookie 0x1c849304 + 0x10 · int32 length of what follows · zlib of:
 *       cookie 0x1c849303 + 0x10 · int32 length of the counts in bytes · int32 index offset, 0 · int32 digits
 *       int64 lowest · int64 highest · float64 factor of values, 1 · counts
 *
 * Counts stand in the order of the layout, up to the last that is not zero; several zeros are one negative number.
 */
const compressed = 0x1c849304
const plain = 0x1c849303
/** Size of a word and kind of payload stand in these bits of a cookie; 0x10: ZigZag LEB128. */
const cookieFlags = 0xf0
const zigzagFlag = 0x10
const headerBytes = 40
/** More than any histogram of five digits has; a small text must not unfold into all memory. */
const mostBytes = 64 * 1024 * 1024

export type HdrRange = {
  /** Microseconds. */
  readonly lowestMicros: number
  /** Microseconds; what was slower counts as this. */
  readonly highestMicros: number
  readonly significantDigits: number
}

export type HdrHistogram = HdrRange & HistogramCounts

const rangeOf = ({ lowestMicros, highestMicros, significantDigits }: HdrRange): Range => ({
  lowest: lowestMicros,
  highest: highestMicros,
  digits: significantDigits,
})

/** Counts by place in the layout: several buckets may fall into one place. */
function placesOf(histogram: HistogramCounts, range: HdrRange, layout: Layout): ReadonlyMap<number, number> {
  const places = new Map<number, number>()
  histogram.upperMs.forEach((upperMs, i) => {
    const count = histogram.counts[i] ?? 0
    const micros = Math.min(range.highestMicros, Math.round(upperMs * 1_000))
    const place = layout.indexOf(micros)
    if (count > 0) places.set(place, (places.get(place) ?? 0) + count)
  })
  return places
}

const writeZeros = (bytes: number[], zeros: number): void => {
  if (zeros > 0) writeZigzag(bytes, zeros === 1 ? 0 : -zeros)
}

function writeCounts(places: ReadonlyMap<number, number>): Uint8Array {
  const bytes: number[] = []
  let next = 0
  for (const [place, count] of [...places].sort(([a], [b]) => a - b)) {
    writeZeros(bytes, place - next)
    writeZigzag(bytes, count)
    next = place + 1
  }
  if (next === 0) writeZeros(bytes, 1)
  return Uint8Array.from(bytes)
}

function writeHeader(range: HdrRange, payloadBytes: number): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.writeUInt32BE(plain + zigzagFlag, 0)
  header.writeInt32BE(payloadBytes, 4)
  header.writeInt32BE(range.significantDigits, 12)
  header.writeBigInt64BE(BigInt(range.lowestMicros), 16)
  header.writeBigInt64BE(BigInt(range.highestMicros), 24)
  header.writeDoubleBE(1, 32)
  return header
}

/**
 * Writes a histogram in microseconds for other tools: HdrHistogram V2, compressed, as base64.
 * @param range whole microseconds; three digits and a lowest value of 1 µs keep a `fine` histogram as it is
 */
export function encodeHdr(histogram: HistogramCounts, range: HdrRange): string {
  const payload = writeCounts(placesOf(histogram, range, layoutOf(rangeOf(range))))
  const packed = deflateSync(Buffer.concat([writeHeader(range, payload.length), payload]))
  const front = Buffer.alloc(8)
  front.writeUInt32BE(compressed + zigzagFlag, 0)
  front.writeInt32BE(packed.length, 4)
  return Buffer.concat([front, packed]).toString('base64')
}

const problem = (text: string): Problem => ({ text: `this is no HdrHistogram V2: ${text}` })

/** What is inside the compressed form, or why it cannot be read. */
function unpack(text: string): Buffer | Problem {
  const bytes = Buffer.from(text.trim(), 'base64')
  if (bytes.length < 8 || (bytes.readUInt32BE(0) & ~cookieFlags) !== compressed)
    return problem('it does not begin with the cookie of the compressed form')
  const length = bytes.readInt32BE(4)
  if (length < 0 || length > bytes.length - 8)
    return problem(`it ends after ${bytes.length - 8} of ${length} bytes`)
  try {
    return inflateSync(bytes.subarray(8, 8 + length), { maxOutputLength: mostBytes })
  } catch (error) {
    return problem(`its bytes cannot be inflated (${error instanceof Error ? error.message : error})`)
  }
}

function readRange(header: Buffer): HdrRange | Problem {
  if (header.length < headerBytes || (header.readUInt32BE(0) & ~cookieFlags) !== plain)
    return problem('inside is another version')
  if (header.readInt32BE(8) !== 0) return problem('its counts are shifted, which is not understood')
  if (header.readDoubleBE(32) !== 1) return problem('its values are fractions, which is not understood')
  const significantDigits = header.readInt32BE(12)
  const lowestMicros = Number(header.readBigInt64BE(16))
  const highestMicros = Number(header.readBigInt64BE(24))
  const fits = lowestMicros >= 1 && highestMicros >= 2 * lowestMicros
  if (significantDigits < 0 || significantDigits > 5 || !fits) return problem('its range makes no sense')
  return { lowestMicros, highestMicros, significantDigits }
}

function readCounts(payload: Uint8Array, layout: Layout): HistogramCounts | Problem {
  const upperMs: number[] = []
  const counts: number[] = []
  let place = 0
  for (let at = 0; at < payload.length; ) {
    const word = readZigzag(payload, at)
    if (!word) return problem('its last count is cut off')
    if (word.value > Number.MAX_SAFE_INTEGER) return problem('a count is too large')
    if (word.value > 0) {
      upperMs.push(layout.upperOf(place) / 1_000)
      counts.push(word.value)
    }
    place += word.value < 0 ? -word.value : 1
    if (place > layout.length) return problem('it has more counts than its range')
    at = word.next
  }
  return { upperMs, counts }
}

/**
 * Reads an HdrHistogram V2 (compressed, base64) whose values are microseconds.
 * @returns its counts, each at the largest value of its bucket, and its range; or what is wrong with the text
 */
export function decodeHdr(text: string): HdrHistogram | Problem {
  const bytes = unpack(text)
  if ('text' in bytes) return bytes
  const range = readRange(bytes)
  if ('text' in range) return range
  // Old versions of the C library count the header too, so that as many bytes too many are right.
  const length = bytes.readInt32BE(4)
  if (length < 0 || length > bytes.length) return problem('its counts are cut off')
  const counts = readCounts(bytes.subarray(headerBytes, headerBytes + length), layoutOf(rangeOf(range)))
  return 'text' in counts ? counts : { ...range, ...counts }
}
