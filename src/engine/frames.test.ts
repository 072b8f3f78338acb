import fc from 'fast-check'
import { expect, it } from 'vitest'
import { framesIn, sinceOf, stampOf } from './frames.ts'

const frame = (text: string): Buffer => {
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])
  head.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([head, Buffer.from(text)])
}

async function* cut(bytes: Buffer, sizes: readonly number[]) {
  let at = 0
  for (const size of sizes) {
    yield bytes.subarray(at, at + size)
    at += size
  }
  yield bytes.subarray(at)
}

it('finds each frame whole, wherever the bytes are cut', async () => {
  const pieces = fc.array(fc.string(), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(pieces, fc.array(fc.nat(20)), async (texts, sizes) => {
      const found: string[] = []
      for await (const one of framesIn(cut(Buffer.concat(texts.map(frame)), sizes)))
        found.push(one.toString())
      expect(found).toEqual(texts)
    }),
  )
})

it('takes the time from what was printed', () => {
  const { at, bytes } = stampOf(Buffer.from('2026-01-01T00:00:00.000000001Z hello world\n'))
  expect(bytes.toString()).toBe('hello world\n')
  expect(sinceOf(at)).toBe('1767225600.000000001')
  expect(sinceOf('')).toBeUndefined()
})
