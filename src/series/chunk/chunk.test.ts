import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packChunk, type Row, unpackChunk } from '../embedded/pack.ts'
import { highWord, type Samples, samplesOf } from '../query/samples.ts'
import { Damaged } from './bytes.ts'
import { decode, encodings } from './chunk.ts'
import { codecs } from './values.ts'

/** Any 64 bits: every number, infinities, the zero below zero and every number that is none. */
const anyBits = fc.tuple(fc.nat(0xffffffff), fc.nat(0xffffffff))
const special = fc.constantFrom<[number, number]>(
  [0x7ff00000, 2],
  [0x7ff80000, 1],
  [0x7ff00000, 0],
  [0xfff00000, 0],
  [0x80000000, 0],
  [0, 1],
  [0x7fefffff, 0xffffffff],
)
const wordsOf = (value: number): [number, number] => {
  const { words } = samplesOf(new Float64Array(1), Float64Array.of(value))
  return [words[highWord] as number, words[1 - highWord] as number]
}
const decimal = fc
  .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.nat(6))
  .map(([whole, places]) => wordsOf(whole / 10 ** places))
const value = fc.oneof(
  { weight: 4, arbitrary: decimal },
  { weight: 2, arbitrary: fc.double().map(wordsOf) },
  { weight: 1, arbitrary: anyBits },
  { weight: 1, arbitrary: special },
)
const step = fc.oneof(
  { weight: 9, arbitrary: fc.constant(15_000) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 1e7 }) },
)
const said = fc.array(fc.tuple(step, fc.oneof(value, fc.constant(undefined))), {
  minLength: 1,
  maxLength: 60,
})

/** Undefined repeats the value before: so that runs are met as well. */
function samplesFrom(
  all: readonly (readonly [number, [number, number] | undefined])[],
  begin: number,
): Samples {
  const samples = samplesOf(new Float64Array(all.length), new Float64Array(all.length))
  let [at, before] = [begin, [0, 0] as [number, number]]
  all.forEach(([apart, its], i) => {
    before = its ?? before
    samples.times[i] = at
    samples.words[2 * i + highWord] = before[0]
    samples.words[2 * i + 1 - highWord] = before[1]
    at += apart
  })
  return samples
}

const expectSame = (read: Samples, written: Samples) => {
  expect(Array.from(read.times)).toEqual(Array.from(written.times))
  expect(Array.from(read.words)).toEqual(Array.from(written.words))
}

describe('a chunk', () => {
  it('has every bit of every number, however it is written', () => {
    fc.assert(
      fc.property(said, fc.integer({ min: 0, max: 2e12 }), (all, begin) => {
        const samples = samplesFrom(all, begin)
        for (const chunk of encodings(samples)) expectSame(decode(chunk), samples)
        expectSame(unpackChunk(packChunk(samples)), samples)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['a counter', (i: number) => 1_000 + 3 * i + (i % 4), 1.1],
    ['a constant', () => 0.25, 0.1],
    ['money', (i: number) => (i * 1_237) / 100, 0.2],
    ['a ramp in time', (i: number) => 1_732_778_400 + 15 * i, 0.2],
  ])('takes little for %s', (_, at, most) => {
    const times = Float64Array.from({ length: 480 }, (_, i) => 1_732_778_400_000 + i * 15_000)
    const { blob } = packChunk(
      samplesOf(
        times,
        Float64Array.from(times, (_, i) => at(i)),
      ),
    )
    expect(blob.length / 480).toBeLessThan(most)
  })

  const row = (all: Parameters<typeof samplesFrom>[0]): Row => packChunk(samplesFrom(all, 1e12))

  it('says so when a single bit is another', () => {
    fc.assert(
      fc.property(said, fc.nat(), (all, place) => {
        const { blob, ...others } = row(all)
        const damaged = blob.slice()
        const bit = place % (8 * damaged.length)
        damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7))
        expect(() => unpackChunk({ ...others, blob: damaged })).toThrow(Damaged)
      }),
    )
  })

  it('throws nothing else, and ends, whatever the bytes are', () => {
    const codec = fc.constantFrom(...Object.values(codecs), 0, 9)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), codec, fc.nat(300), (bytes, its, count) => {
        const chunk = { codec: its, count, bytes: new Uint8Array(bytes) }
        try {
          expect(decode(chunk).times).toHaveLength(count)
        } catch (error) {
          expect(error).toBeInstanceOf(Damaged)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
