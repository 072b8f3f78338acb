/** What is read is not what was written. */
export class Damaged extends Error {}

/** Bytes that grow as they are written. */
export interface ByteWriter {
  byte(value: number): void
  /** A whole number from 0 up to 2^53, seven bits a byte. */
  varint(value: number): void
  /** A whole number of either sign, up to 2^52. */
  signed(value: number): void
  /** The lowest `count` bits, at most 32, of a number; they follow each other without regard to bytes. */
  bits(value: number, count: number): void
  word(value: number): void
  bytes(from: Uint8Array): void
  /** What was written so far, on its own. */
  done(): Uint8Array<ArrayBuffer>
}

export function createByteWriter(size = 256): ByteWriter {
  let buffer = new Uint8Array(size)
  let length = 0
  /** Bits that are still free in the last byte. */
  let free = 0
  const reserve = (count: number): void => {
    if (length + count <= buffer.length) return
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + count))
    larger.set(buffer)
    buffer = larger
  }
  const byte = (value: number): void => {
    reserve(1)
    buffer[length++] = value
    free = 0
  }
  const varint = (value: number): void => {
    let rest = value
    while (rest >= 128) {
      byte((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    byte(rest)
  }
  const word = (value: number): void => {
    for (let shift = 0; shift < 32; shift += 8) byte((value >>> shift) & 255)
  }
  return {
    byte,
    varint,
    signed: (value) => varint(value < 0 ? -2 * value - 1 : 2 * value),
    word,
    bits(value, count) {
      let left = count
      while (left > 0) {
        if (free === 0) {
          byte(0)
          free = 8
        }
        const taken = Math.min(free, left)
        const part = (value >>> (left - taken)) & ((1 << taken) - 1)
        buffer[length - 1] = (buffer[length - 1] as number) | (part << (free - taken))
        free -= taken
        left -= taken
      }
    },
    bytes(from) {
      reserve(from.length)
      buffer.set(from, length)
      length += from.length
      free = 0
    },
    done: () => buffer.slice(0, length),
  }
}

/** Reads what a `ByteWriter` has written. Each throws Damaged when it is not there. */
export interface ByteReader {
  byte(): number
  varint(): number
  signed(): number
  /** Of at most 32 bits. */
  bits(count: number): number
  word(): number
  /** @throws Damaged when something is left */
  end(): void
}

export function createByteReader(buffer: Uint8Array): ByteReader {
  let at = 0
  let left = 0
  const byte = (): number => {
    if (at >= buffer.length) throw new Damaged('ends too early')
    left = 0
    return buffer[at++] as number
  }
  const varint = (): number => {
    let [value, scale] = [0, 1]
    for (;;) {
      const next = byte()
      value += (next & 127) * scale
      if (!Number.isSafeInteger(value)) throw new Damaged('has a number that is too large')
      if (next < 128) return value
      scale *= 128
    }
  }
  return {
    byte,
    varint,
    signed() {
      const value = varint()
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    },
    bits(count) {
      let [value, missing] = [0, count]
      while (missing > 0) {
        if (left === 0) {
          byte()
          left = 8
        }
        const taken = Math.min(left, missing)
        const part = ((buffer[at - 1] as number) >>> (left - taken)) & ((1 << taken) - 1)
        value = ((value << taken) | part) >>> 0
        left -= taken
        missing -= taken
      }
      return value
    },
    word: () => (byte() | (byte() << 8) | (byte() << 16) | (byte() << 24)) >>> 0,
    end() {
      if (at < buffer.length) throw new Damaged('has more than it should')
    },
  }
}
