import type { Random } from '../../kernel/index.ts'

/**
 * Values drawn again in blocks, so that days that follow each other keep what they have in common.
 * @param into is filled
 */
export function drawBlocks(values: Float64Array, block: number, random: Random, into: Float64Array): void {
  const length = Math.min(block, values.length)
  const starts = values.length - length + 1
  for (let i = 0; i < into.length; ) {
    const start = Math.floor(random.next() * starts)
    for (let k = 0; k < length && i < into.length; k++) into[i++] = values[start + k] as number
  }
}
