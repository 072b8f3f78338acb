import type { Side, Span } from '../index.ts'

/** A side that answered well, but for what is given. */
export const side = (requests: number, failures = 0, more: Partial<Side> = {}): Side => ({
  requests,
  failures,
  slower: [],
  own: {},
  ...more,
})

/** A second of 50 requests, a tenth of them on the canary, but for what is given. */
export const span = (second: number, more: Partial<Span> = {}): Span => ({
  at: second * 1_000,
  share: 0.1,
  canary: side(5),
  live: side(45),
  ...more,
})
