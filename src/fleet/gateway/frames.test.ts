import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Frames } from './frames.ts'

/** A frame as RFC 6455, 5.2, has it. */
function frameOf(opcode: number, length: number, masked: boolean): Buffer {
  const mask = masked ? 128 : 0
  const head =
    length < 126
      ? [mask + length]
      : length < 65_536
        ? [mask + 126, length >> 8, length & 255]
        : [mask + 127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255]
  // A payload that looks like close frames.
  return Buffer.concat([Buffer.from([128 + opcode, ...head]), Buffer.alloc(length + (masked ? 4 : 0), 0x88)])
}

const length = fc.oneof(fc.nat({ max: 130 }), fc.constantFrom(125, 126, 65_535, 65_536, 70_000))
const frames = fc.array(fc.tuple(fc.constantFrom(0, 1, 2, 9, 10), length, fc.boolean()), { maxLength: 5 })
const cut = fc.nat({ max: 999 }).map((n) => n / 1_000)

test('wherever the bytes are cut, it knows where a frame may follow, and takes no payload for a close frame', () => {
  fc.assert(
    fc.property(frames, fc.array(cut, { maxLength: 6 }), (all, cuts) => {
      const bytes = Buffer.concat(all.map((args) => frameOf(...args)))
      const ends = new Set([0])
      all.reduce((at, args) => {
        const end = at + frameOf(...args).length
        ends.add(end)
        return end
      }, 0)
      const follower = new Frames()
      const places = [...cuts.map((at) => Math.floor(at * bytes.length)), bytes.length].sort((a, b) => a - b)
      let from = 0
      for (const to of places) {
        follower.push(bytes.subarray(from, to))
        expect(follower.isBetween).toBe(ends.has(to))
        from = to
      }
      expect(follower.closed).toBe(false)
      follower.push(frameOf(8, 2, false))
      expect(follower.closed).toBe(true)
    }),
  )
})
