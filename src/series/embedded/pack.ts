import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { Damaged } from '../chunk/bytes.ts'
import { type Chunk, decode, encodings } from '../chunk/chunk.ts'
import type { Samples } from '../query/samples.ts'

/** Added to the codec of what was deflated as well. */
const deflated = 8
/** More than any bytes of two hours come to: who made them up shall not fill the memory. */
const mostBytes = 2 ** 28

const checkBytes = 4

/**
 * Bytes with their checksum in front.
 * @param about what stands beside them, which must be as it was, too
 */
export function seal(bytes: Uint8Array, about = 0): Uint8Array<ArrayBuffer> {
  const sealed = new Uint8Array(checkBytes + bytes.length)
  new DataView(sealed.buffer).setUint32(0, crc32(bytes, about))
  sealed.set(bytes, checkBytes)
  return sealed
}

/** @throws Damaged when a byte is not as it was */
export function unseal(sealed: Uint8Array, about = 0): Uint8Array {
  if (!(sealed instanceof Uint8Array)) throw new Damaged('has no bytes')
  const bytes = sealed.subarray(checkBytes)
  if (sealed.length < checkBytes) throw new Damaged('ends too early')
  const expected = new DataView(sealed.buffer, sealed.byteOffset).getUint32(0)
  if (crc32(bytes, about) !== expected) throw new Damaged('does not have its checksum')
  return bytes
}

/** The smaller of the bytes and the same deflated, behind a byte that says which. */
export function squeeze(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const small = deflateRawSync(bytes, { level: 6 })
  const isSmaller = small.length < bytes.length
  const squeezed = new Uint8Array(1 + (isSmaller ? small : bytes).length)
  squeezed[0] = isSmaller ? 1 : 0
  squeezed.set(isSmaller ? small : bytes, 1)
  return squeezed
}

function inflate(bytes: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: mostBytes })
  } catch (error) {
    throw new Damaged('cannot be inflated', { cause: error })
  }
}

/** @throws Damaged */
export function unsqueeze(bytes: Uint8Array): Uint8Array {
  const [how] = bytes
  if (how !== 0 && how !== 1) throw new Damaged('is squeezed in an unknown way')
  return how === 1 ? inflate(bytes.subarray(1)) : bytes.subarray(1)
}

/** A chunk as a row has it. */
export type Row = { readonly codec: number; readonly count: number; readonly blob: Uint8Array }

const aboutOf = ({ codec, count }: Omit<Row, 'blob'>): number => codec + 16 * count

/** In the way that takes the least room. */
export function packChunk(samples: Samples): Row {
  const [first, ...others] = encodings(samples).flatMap(({ codec, bytes }): Chunk[] => {
    const small = deflateRawSync(bytes, { level: 6 })
    return [
      { codec, count: 0, bytes },
      { codec: (codec + deflated) as Chunk['codec'], count: 0, bytes: small as Uint8Array<ArrayBuffer> },
    ]
  })
  const best = others.reduce((a, b) => (b.bytes.length < a.bytes.length ? b : a), first as Chunk)
  const row = { codec: best.codec, count: samples.times.length }
  return { ...row, blob: seal(best.bytes, aboutOf(row)) }
}

/** @throws Damaged */
export function unpackChunk({ codec, count, blob }: Row): Samples {
  const bytes = unseal(blob, aboutOf({ codec, count }))
  return codec >= deflated
    ? decode({ codec: codec - deflated, count, bytes: inflate(bytes) as Uint8Array<ArrayBuffer> })
    : decode({ codec, count, bytes: bytes as Uint8Array<ArrayBuffer> })
}
