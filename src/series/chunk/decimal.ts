import { type ByteReader, type ByteWriter, Damaged } from './bytes.ts'

/** So that twice a difference of differences is still exact. */
const largest = 2 ** 50
const mostPlaces = 12
const scales = Array.from({ length: mostPlaces + 1 }, (_, places) => 10 ** places)

/** Not a decimal: infinities, what is no number (an end, too), and the zero below zero. */
export const isOdd = (value: number): boolean => !Number.isFinite(value) || Object.is(value, -0)

const isExact = (value: number, scale: number): boolean => Math.round(value * scale) / scale === value

/**
 * How many places behind the point all of the numbers have.
 * @returns undefined when one has more than twelve, or some are too large to be exact
 */
export function placesOf(values: Float64Array): number | undefined {
  let [places, most] = [0, 0]
  for (const value of values) {
    if (isOdd(value)) continue
    most = Math.max(most, Math.abs(value))
    while (!isExact(value, scales[places] as number)) if (++places > mostPlaces) return undefined
  }
  return most * (scales[places] as number) <= largest ? places : undefined
}

/** What is odd stands beside, with all of its bits; in its place the number before is repeated. */
function writeOdd(writer: ByteWriter, values: Float64Array, words: Uint32Array): void {
  const odd = [...values.keys()].filter((i) => isOdd(values[i] as number))
  writer.varint(odd.length)
  odd.forEach((place, i) => {
    writer.varint(place - (odd[i - 1] ?? -1) - 1)
    writer.word(words[2 * place] as number)
    writer.word(words[2 * place + 1] as number)
  })
}

/** How the whole numbers are told: each by its difference from the one before, or by how that difference has changed. */
export type Order = 1 | 2

/**
 * Decimals as whole numbers, for counters and what people measure.
 * @param places of `placesOf`
 * @param words of the values' memory
 */
export function writeDecimals(
  writer: ByteWriter,
  values: Float64Array,
  words: Uint32Array,
  places: number,
  order: Order,
): void {
  const scale = scales[places] as number
  writer.byte(places)
  writeOdd(writer, values, words)
  let [before, difference] = [0, 0]
  for (const value of values) {
    const whole = isOdd(value) ? before : Math.round(value * scale)
    const next = whole - before
    writer.signed(order === 1 ? next : next - difference)
    before = whole
    difference = next
  }
}

type Odd = { readonly place: number; readonly words: readonly [number, number] }

function readOdd(reader: ByteReader, count: number): Odd[] {
  const length = reader.varint()
  if (length > count) throw new Damaged('has more exceptions than values')
  const odd: Odd[] = []
  for (let place = -1; odd.length < length; ) {
    place += reader.varint() + 1
    if (place >= count) throw new Damaged('has an exception behind its last value')
    odd.push({ place, words: [reader.word(), reader.word()] })
  }
  return odd
}

/** Fills values. @throws Damaged */
export function readDecimals(
  reader: ByteReader,
  values: Float64Array,
  words: Uint32Array,
  order: Order,
): void {
  const scale = scales[reader.byte()]
  if (scale === undefined) throw new Damaged('has an unknown scale')
  const odd = readOdd(reader, values.length)
  let [whole, difference] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    difference = order === 1 ? reader.signed() : difference + reader.signed()
    whole += difference
    values[i] = whole / scale
  }
  for (const { place, words: its } of odd) words.set(its, 2 * place)
}
