import type { Instant } from '../kernel/index.ts'

/** Answers that are dear to find, kept for some minutes by what was asked. */
export type Kept<T> = {
  /** @param isExact it is found anew */
  of(place: string, ask: string, at: Instant, find: () => Promise<T>, isExact?: boolean): Promise<T>
  /** What is known of a place counts no longer. */
  forget(place: string): void
}

type Entry<T> = { readonly place: string; readonly at: Instant; readonly answer: Promise<T> }

export function keptFor<T>(keptMs: number): Kept<T> {
  const entries = new Map<string, Entry<T>>()
  const isFresh = (entry: Entry<T>, at: Instant): boolean => at >= entry.at && at - entry.at < keptMs
  return {
    of(place, ask, at, find, isExact = false) {
      const key = JSON.stringify([place, ask])
      const known = entries.get(key)
      if (!isExact && known && isFresh(known, at)) return known.answer
      for (const [other, entry] of entries) if (!isFresh(entry, at)) entries.delete(other)
      const answer = find()
      entries.set(key, { place, at, answer })
      // What could not be read is read again.
      answer.catch(() => entries.delete(key))
      return answer
    },
    forget(place) {
      for (const [key, entry] of entries) if (entry.place === place) entries.delete(key)
    },
  }
}
