import type { Unwritten } from './ahead.ts'
import type { Entry } from './catalog.ts'

type Rooms = {
  readonly entries: Iterable<Entry>
  readonly unwritten: Unwritten
  readonly mostBytes: number
}

function oldestSlot(entries: readonly Entry[]): number | undefined {
  const firsts = entries.flatMap(({ head }) => head?.slots()[0] ?? [])
  return firsts.length === 0 ? undefined : firsts.reduce((a, b) => Math.min(a, b))
}

/**
 * Drops the oldest two hours from memory, and again, until what is left fits: health and alerts look at the newest.
 * @returns how many samples were dropped
 */
export function forgetOldest({ entries, unwritten, mostBytes }: Rooms): number {
  const all = [...entries]
  const bytes = (): number => all.reduce((sum, { head }) => sum + (head?.bytes ?? 0), unwritten.bytes)
  let dropped = 0
  while (bytes() > mostBytes) {
    const slot = oldestSlot(all)
    if (slot === undefined) return dropped
    for (const { head } of all) {
      dropped += head?.samples(slot)?.times.length ?? 0
      head?.forget(slot)
    }
    unwritten.forget(slot)
  }
  return dropped
}
