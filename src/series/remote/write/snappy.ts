import { createByteWriter } from '../../chunk/bytes.ts'

/** A table of where four bytes were seen last. */
const hashBits = 14
const hash = (word: number): number => Math.imul(word, 0x1e35a7bd) >>> (32 - hashBits)
const longestCopy = 64
const farthest = 65_535

/**
 * Snappy's block format (google/snappy, format_description.txt): the length, then literals and copies of what came before.
 * It is what remote write asks for. Label names and texts repeat in every series, which is what it finds.
 */
export function compress(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const writer = createByteWriter(64 + (bytes.length >> 1))
  const seen = new Int32Array(1 << hashBits).fill(-1)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  writer.varint(bytes.length)

  function literal(begin: number, end: number): void {
    const length = end - begin
    if (length === 0) return
    if (length <= 60) writer.byte((length - 1) << 2)
    else {
      // 63: the length less one follows in four bytes.
      writer.byte(63 << 2)
      writer.word(length - 1)
    }
    writer.bytes(bytes.subarray(begin, end))
  }

  function copy(offset: number, length: number): void {
    for (let left = length; left > 0; left -= longestCopy) {
      writer.byte(((Math.min(left, longestCopy) - 1) << 2) | 2)
      writer.byte(offset & 255)
      writer.byte(offset >> 8)
    }
  }

  function matchLength(a: number, b: number): number {
    let length = 4
    while (b + length < bytes.length && bytes[a + length] === bytes[b + length]) length++
    return length
  }

  let [at, pending] = [0, 0]
  while (at + 4 <= bytes.length) {
    const word = view.getUint32(at, true)
    const place = hash(word)
    const before = seen[place] as number
    seen[place] = at
    if (before < 0 || at - before > farthest || view.getUint32(before, true) !== word) {
      at++
      continue
    }
    literal(pending, at)
    const length = matchLength(before, at)
    copy(at - before, length)
    at += length
    pending = at
  }
  literal(pending, bytes.length)
  return writer.done()
}
