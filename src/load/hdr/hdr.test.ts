import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHistogram, type HistogramCounts, totalOf } from '../../kernel/index.ts'
import { decodeHdr, encodeHdr, type HdrHistogram, type HdrRange } from './index.ts'
import { readZigzag, writeZigzag } from './zigzag.ts'

const range: HdrRange = { lowestMicros: 1, highestMicros: 2 ** 32 - 1, significantDigits: 3 }

function decoded(text: string): HdrHistogram {
  const found = decodeHdr(text)
  if ('text' in found) throw new Error(found.text)
  return found
}

const micros = (found: HistogramCounts) =>
  found.upperMs.map((upper, i) => [Math.round(upper * 1_000), found.counts[i]])

type Known = {
  readonly name: string
  readonly text: string
  readonly range: HdrRange
  readonly micros: readonly (readonly number[])[]
}

/** Written by other libraries, in Java and C, from the values named; bytes that any reader of the format must agree on. */
const known: readonly [Known, Known, Known] = [
  {
    name: '100, 200 and 250, once each',
    text: 'HISTFAAAACV4nJNpmSzMwMDAwQABzFCaEUrp2H+AsI4zMh1lZEpkAgBdIQSk',
    range: { ...range, highestMicros: 300 },
    micros: [
      [100, 1],
      [200, 1],
      [250, 1],
    ],
  },
  {
    name: '1,000 ten thousand times, and 100,000,000 once',
    text: 'HISTFAAAACl4nJNpmSzMwMBgyAABzFCaEURcm7yEwf4DROA8/4I5jNM7mJgAlWkH9g==',
    range: { ...range, highestMicros: 3_600_000_000 },
    micros: [
      [1_000, 10_000],
      [100_007_935, 1],
    ],
  },
  {
    name: '2,048, where buckets begin to hold two values',
    text: 'HISTFAAAACB4nJNpmSzMwMDAzAABMJoRQnEw2H+AsP7LMwEARZgDpQ==',
    range: { ...range, highestMicros: 2_048 },
    micros: [[2_049, 1]],
  },
]

it.each(known)('reads what another library wrote: $name', ({ text, range, micros: values }) => {
  const found = decoded(text)
  expect(found).toMatchObject(range)
  expect(micros(found)).toEqual(values)
})

// The second is by an old version that says another length.
it.each([known[0], known[2]])(
  'writes the same as another library, byte by byte: $name',
  ({ text, range }) => {
    expect(encodeHdr(decoded(text), range)).toBe(text)
  },
)

/** The first and the last bucket have special edges; the largest is what a `fine` histogram holds. */
const durations = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 3_000 }),
    fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    fc.constantFrom(0, 1, 2_047, 2_048, 4_095, 4_096, 2 ** 32 - 1),
  ),
  { maxLength: 50 },
)

describe('an HdrHistogram', () => {
  it('brings back every fine histogram as it was', () => {
    fc.assert(
      fc.property(durations, (all) => {
        const histogram = createHistogram('fine')
        for (const one of all) histogram.record(one / 1_000)
        const { upperMs, counts } = decoded(encodeHdr(histogram.counts(), range))
        expect({ upperMs, counts }).toEqual(histogram.counts())
      }),
    )
  })

  it('keeps any values within its digits, whatever its range', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000_000 }),
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 1_000 }),
        (value, count, significantDigits, lowestMicros) => {
          const other = { lowestMicros, highestMicros: 3_600_000_000, significantDigits }
          const found = decoded(encodeHdr({ upperMs: [value / 1_000], counts: [count] }, other))
          const [[upper = 0, seen] = []] = micros(found)
          expect(seen).toBe(count)
          expect(upper).toBeGreaterThanOrEqual(value)
          expect(upper - value).toBeLessThan(Math.max(lowestMicros, value / 10 ** significantDigits))
        },
      ),
    )
  })

  it('counts what is beyond its range as the highest of it, and loses none', () => {
    const found = decoded(
      encodeHdr({ upperMs: [1, 5_000, 70_000], counts: [3, 4, 5] }, { ...range, highestMicros: 2_000_000 }),
    )
    expect(totalOf(found)).toBe(12)
    expect(micros(found)).toEqual([
      [1_000, 3],
      [2_000_895, 9],
    ])
  })

  it('may be empty', () => {
    expect(micros(decoded(encodeHdr({ upperMs: [], counts: [] }, range)))).toEqual([])
  })
})

describe('what is no HdrHistogram', () => {
  const inside = (change: (bytes: Buffer) => Buffer): string => {
    const bytes = Buffer.alloc(41)
    bytes.writeUInt32BE(0x1c849313, 0)
    bytes.writeInt32BE(1, 4)
    bytes.writeInt32BE(3, 12)
    bytes.writeBigInt64BE(1n, 16)
    bytes.writeBigInt64BE(1_000n, 24)
    bytes.writeDoubleBE(1, 32)
    const packed = deflateSync(change(bytes))
    const front = Buffer.alloc(8)
    front.writeUInt32BE(0x1c849314, 0)
    front.writeInt32BE(packed.length, 4)
    return Buffer.concat([front, packed]).toString('base64')
  }
  const write = (at: number, value: number) =>
    inside((bytes) => {
      bytes.writeInt32BE(value, at)
      return bytes
    })
  const whole = encodeHdr({ upperMs: [1, 2, 3], counts: [1, 2, 3] }, range)

  it.each([
    ['', 'does not begin'],
    ['hello', 'does not begin'],
    [whole.slice(0, 20), 'ends after'],
    [Buffer.from(whole, 'base64').fill(0, 12).toString('base64'), 'cannot be inflated'],
    [inside(() => Buffer.from('short')), 'another version'],
    [write(0, 0x1c849301), 'another version'],
    [write(8, 7), 'shifted'],
    [write(12, 9), 'makes no sense'],
    [write(24, -1), 'makes no sense'],
    [write(32, 0), 'fractions'],
    [write(4, 100), 'cut off'],
    [inside((bytes) => bytes.fill(0xff, 40)), 'last count is cut off'],
    [inside((bytes) => bytes.fill(0xff, 4, 8)), 'cut off'],
  ])('is told apart: %s', (text, why) => {
    expect(decodeHdr(text)).toEqual({ text: expect.stringContaining(why) })
  })

  it('cannot have more counts than its range', () => {
    const payload: number[] = []
    writeZigzag(payload, -1_000_000)
    const text = inside((bytes) => {
      const all = Buffer.concat([bytes.subarray(0, 40), Buffer.from(payload)])
      all.writeInt32BE(payload.length, 4)
      return all
    })
    expect(decodeHdr(text)).toEqual({ text: expect.stringContaining('more counts than its range') })
    expect(decoded(inside((bytes) => bytes)).counts).toEqual([])
  })

  it('is never read as one when cut at any byte', () => {
    for (let at = 0; at < whole.length - 4; at += 4)
      expect(decodeHdr(whole.slice(0, at)), String(at)).toHaveProperty('text')
  })
})

describe('numbers in few bytes', () => {
  it('come back, whichever they are', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger().filter((value) => value >= -(2 ** 52)),
        (value) => {
          const bytes: number[] = []
          writeZigzag(bytes, value)
          expect(readZigzag(Uint8Array.from(bytes), 0)).toEqual({ value, next: bytes.length })
        },
      ),
    )
  })

  it.each([
    [56, [112]],
    [456, [144, 7]],
    [-456, [143, 7]],
    [2 ** 50, [128, 128, 128, 128, 128, 128, 128, 4]],
  ])('write %d as other libraries do', (value, bytes) => {
    const written: number[] = []
    writeZigzag(written, value)
    expect(written).toEqual(bytes)
  })

  it('end with the ninth byte, all eight bits of it', () => {
    const { value, next } = readZigzag(Uint8Array.from([...Array(8).fill(128), 128, 1]), 0) ?? {}
    expect([value, next]).toEqual([2 ** 62, 9])
  })
})
