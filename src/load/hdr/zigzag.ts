/**
 * Whole numbers in few bytes, as HdrHistogram V2 writes them: the sign moved to the lowest bit (ZigZag), then seven bits
 * a byte, lowest first (LEB128), with the top bit saying that more follow; a ninth byte is the last and has eight bits.
 * On doubles, not on bigints: all that is written or read stays below 2^53, where they are exact.
 */

const lastByte = 8

/** @param value appended to `bytes`: from -2^52 to 2^53 - 1, as its double must be exact */
export function writeZigzag(bytes: number[], value: number): void {
  let left = value < 0 ? -2 * value - 1 : 2 * value
  while (left >= 128) {
    bytes.push((left % 128) + 128)
    left = Math.floor(left / 128)
  }
  bytes.push(left)
}

/** @returns the number and where the next one begins; undefined when the bytes end within it */
export function readZigzag(
  bytes: Uint8Array,
  at: number,
): { readonly value: number; readonly next: number } | undefined {
  let sum = 0
  let factor = 1
  for (let i = 0; i <= lastByte; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) return undefined
    const isLast = i === lastByte || byte < 128
    sum += (isLast ? byte : byte - 128) * factor
    if (isLast) return { value: sum % 2 === 1 ? -(sum + 1) / 2 : sum / 2, next: at + i + 1 }
    factor *= 128
  }
  return undefined
}
