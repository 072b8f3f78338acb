import { highWord } from '../query/samples.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

/** Zeros at the end of 32 bits that are not all zero. */
const trailing32 = (word: number): number => 31 - Math.clz32(word & -word)

/** Where the bits lie in which a number differs from the one before. */
type Place = { readonly leading: number; readonly trailing: number }

function placeOf(high: number, low: number): Place {
  return {
    leading: Math.min(31, high !== 0 ? Math.clz32(high) : 32 + Math.clz32(low)),
    trailing: low !== 0 ? trailing32(low) : 32 + trailing32(high),
  }
}

const countOf = ({ leading, trailing }: Place): number => 64 - leading - trailing

function writeDifference(writer: ByteWriter, high: number, low: number, place: Place): void {
  const { trailing } = place
  const count = countOf(place)
  const moved =
    trailing >= 32
      ? high >>> (trailing - 32)
      : trailing === 0
        ? low
        : (low >>> trailing) | (high << (32 - trailing))
  if (count > 32) writer.bits(trailing === 0 ? high : high >>> trailing, count - 32)
  writer.bits(moved, Math.min(count, 32))
}

/** The high and the low word of a difference. */
function readDifference(reader: ByteReader, place: Place): readonly [number, number] {
  const { trailing } = place
  const count = countOf(place)
  const high = count > 32 ? reader.bits(count - 32) : 0
  const low = reader.bits(Math.min(count, 32))
  if (trailing >= 32) return [(low << (trailing - 32)) >>> 0, 0]
  if (trailing === 0) return [high, low]
  return [((high << trailing) | (low >>> (32 - trailing))) >>> 0, (low << trailing) >>> 0]
}

/**
 * Gorilla's way (Pelkonen et al., VLDB 2015): the bits in which a number differs from the one before. A 0 for none; 10
 * and the bits when they lie where the last ones did; else 11, where they lie (5 bits of zeros before them, 6 bits of
 * how many), and the bits. Every bit of every number comes back, whatever it means.
 * @param words of the numbers' memory
 */
export function writeXor(writer: ByteWriter, words: Uint32Array): void {
  const count = words.length / 2
  let [high, low] = [0, 0]
  let place: Place | undefined
  for (let i = 0; i < count; i++) {
    const [nextHigh, nextLow] = [words[2 * i + highWord] as number, words[2 * i + 1 - highWord] as number]
    const [h, l] = [(high ^ nextHigh) >>> 0, (low ^ nextLow) >>> 0]
    ;[high, low] = [nextHigh, nextLow]
    if (h === 0 && l === 0) {
      writer.bits(0, 1)
      continue
    }
    const own = placeOf(h, l)
    if (place && own.leading >= place.leading && own.trailing >= place.trailing) {
      writer.bits(0b10, 2)
    } else {
      place = own
      writer.bits(0b11, 2)
      writer.bits(own.leading, 5)
      writer.bits(countOf(own) & 63, 6)
    }
    writeDifference(writer, h, l, place)
  }
}

function readPlace(reader: ByteReader): Place {
  const leading = reader.bits(5)
  const count = reader.bits(6) || 64
  return { leading, trailing: Math.max(0, 64 - leading - count) }
}

/** Fills the words of numbers. @throws Damaged */
export function readXor(reader: ByteReader, words: Uint32Array): void {
  const count = words.length / 2
  let [high, low] = [0, 0]
  let place: Place = { leading: 0, trailing: 0 }
  for (let i = 0; i < count; i++) {
    if (reader.bits(1) === 1) {
      if (reader.bits(1) === 1) place = readPlace(reader)
      const [h, l] = readDifference(reader, place)
      high = (high ^ h) >>> 0
      low = (low ^ l) >>> 0
    }
    words[2 * i + highWord] = high
    words[2 * i + 1 - highWord] = low
  }
}
