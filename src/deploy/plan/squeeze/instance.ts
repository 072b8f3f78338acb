import type { Instant } from '../../../kernel/index.ts'
import type { Live } from '../lane-state.ts'
import type { SqueezeSight } from './state.ts'

/** An instance was squeezed, by its number: whatever process had that then. */
export type SqueezedBefore = { readonly index: number; readonly at: Instant }

export type Chosen = { readonly index: number; readonly because: string }

/** When each was squeezed last; never is longer ago than anything. */
const lastOf = (before: readonly SqueezedBefore[], index: number): Instant =>
  Math.max(Number.NEGATIVE_INFINITY, ...before.filter((one) => one.index === index).map(({ at }) => at))

function becauseOf(last: Instant, isOnlyOne: boolean): string {
  const when = last === Number.NEGATIVE_INFINITY ? 'never squeezed before' : 'squeezed longest ago'
  return isOnlyOne ? when : `${when}, and the least busy of these`
}

/**
 * Which instance is asked more: the one that somebody wants; otherwise that which was squeezed longest ago, so that in time
 * each shows what it carries, and of several the least busy one.
 */
export function instanceFor(
  live: Live,
  { before = [], traffic }: Pick<SqueezeSight, 'before' | 'traffic'>,
  wanted: number | undefined,
): Chosen {
  if (wanted !== undefined) return { index: wanted, because: 'asked for' }
  const busy = new Map(traffic.upstreams.map(({ instance, inFlight }) => [instance, inFlight]))
  const all = Array.from({ length: live.size }, (_, index) => ({
    index,
    last: lastOf(before, index),
    inFlight: busy.get(`${live.fleet}/${index}`) ?? 0,
  }))
  const longest = Math.min(...all.map(({ last }) => last))
  const these = all.filter(({ last }) => last === longest)
  const [first] = these.toSorted((a, b) => a.inFlight - b.inFlight || a.index - b.index)
  return { index: first?.index ?? 0, because: becauseOf(longest, these.length === 1) }
}
