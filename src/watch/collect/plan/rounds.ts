import type { Instant } from '../../../kernel/index.ts'

/** Something that is looked at again and again. */
export type Source = { readonly id: string; readonly intervalMs: number }

/** Up to this share of the interval a look that comes late is written down as if it had come in time. */
const tolerance = 0.01

/** A number of the source's own in 0 … 1, so that not everything is looked at in the same moment. */
export function spreadOf(id: string): number {
  // FNV-1a, and the end of MurmurHash3, without which ids that differ in their last letter stay close together.
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** When a source is to be looked at next, after a time: on a grid of its own, which no restart moves. */
export function nextLook({ id, intervalMs }: Source, after: Instant): Instant {
  const offset = Math.floor(spreadOf(id) * intervalMs)
  return (Math.floor((after - offset) / intervalMs) + 1) * intervalMs + offset
}

export type Due<S extends Source> = {
  readonly source: S
  /** Of the readings. */
  readonly at: Instant
}

/**
 * What is to be looked at now, and when to come back.
 * @param last when each source was last looked at; one that never was is due with its next place on its grid
 */
export function planRound<S extends Source>(
  sources: readonly S[],
  last: ReadonlyMap<string, Instant>,
  now: Instant,
): { readonly due: readonly Due<S>[]; readonly next: Instant } {
  const plans = sources.map((source) => {
    const planned = nextLook(source, now) - source.intervalMs
    const isDue = (last.get(source.id) ?? Number.NEGATIVE_INFINITY) < planned
    const isPunctual = now - planned <= source.intervalMs * tolerance
    return { source, isDue, at: isPunctual ? planned : now, next: planned + source.intervalMs }
  })
  return {
    due: plans.filter(({ isDue }) => isDue).map(({ source, at }) => ({ source, at })),
    next: Math.min(...plans.map(({ next }) => next)),
  }
}
