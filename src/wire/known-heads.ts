import type { Head } from './head.ts'

const places = 16

/**
 * The heads that were read lately. The answers of one service mostly begin with the same bytes, for a second at least:
 * to compare them takes a tenth of the time that reading them takes, and says the same.
 */
export class KnownHeads {
  /** By the length of all that came with it: answers to the same request are mostly of one length. */
  readonly #heads: (Head | undefined)[] = new Array(places).fill(undefined)

  /** The head that begins at `from`, when all of it is there and was read before. */
  find(bytes: Buffer, from: number, limit: number): Head | undefined {
    const head = this.#heads[(limit - from) % places]
    return head && beginsWith(bytes, from, limit, head.bytes) ? head : undefined
  }

  /** Takes the place of another. `from` and `limit` as `find` will be told them. */
  keep(head: Head, from: number, limit: number): void {
    this.#heads[(limit - from) % places] = head
  }
}

/** A plain loop: for so few bytes it takes no longer than a call of `compare`, and makes no view of the buffer. */
function beginsWith(bytes: Buffer, from: number, limit: number, beginning: Buffer): boolean {
  const { length } = beginning
  if (limit - from < length) return false
  for (let i = 0; i < length; i++) if (bytes[from + i] !== beginning[i]) return false
  return true
}
