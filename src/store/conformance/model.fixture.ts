import type { Happening, Json } from '../../kernel/index.ts'
import type { Lease, Transition } from '../journal.ts'

type Kept = {
  /** Every transition that was accepted, oldest first. Version, state and events all follow from it. */
  readonly history: Pick<Transition, 'state' | 'ended' | 'at'>[]
  pending: string[]
  owner?: string
  until: number
  fence: number
}

/**
 * What a journal is, said as plainly as can be: no sharing of code or thought with the stores. It does not choose
 * fences, it only holds the store to growing them.
 */
export class Model {
  readonly records = new Map<string, Kept>()
  readonly events: (Happening & { id: string; at: number })[] = []
  readonly notes = new Map<string, Json>()

  create(t: Omit<Transition, 'from' | 'done'>): 'created' | 'exists' {
    if (this.records.has(t.of.id)) return 'exists'
    this.records.set(t.of.id, { history: [], pending: [], until: 0, fence: 0 })
    this.#accept({ ...t, from: 0, done: [] })
    return 'created'
  }

  commit(t: Transition, lease: Lease): 'done' | 'stale' {
    const kept = this.records.get(t.of.id)
    if (kept?.history.length !== t.from) return 'stale'
    if (kept.owner !== lease.owner || kept.fence !== lease.fence) return 'stale'
    this.#accept(t)
    return 'done'
  }

  /** Who holds it, when it is not for this owner to take. */
  heldBy(id: string, owner: string, now: number): string | undefined {
    const kept = this.#kept(id)
    return kept.owner !== owner && kept.until > now ? kept.owner : undefined
  }

  /** Follows a lease that the store gave. Says whether its fence may be that. */
  claimed(lease: Lease): boolean {
    const kept = this.#kept(lease.of.id)
    const fits = kept.owner === lease.owner ? lease.fence === kept.fence : lease.fence > kept.fence
    Object.assign(kept, { owner: lease.owner, until: lease.until, fence: lease.fence })
    return fits
  }

  release(lease: Lease): void {
    const kept = this.#kept(lease.of.id)
    if (kept.owner !== lease.owner || kept.fence !== lease.fence) return
    delete kept.owner
    kept.until = 0
  }

  settle(id: string, done: readonly string[]): void {
    const kept = this.records.get(id)
    if (kept) kept.pending = kept.pending.filter((key) => !done.includes(key))
  }

  #accept(t: Transition): void {
    const kept = this.#kept(t.of.id)
    kept.history.push(t)
    this.settle(t.of.id, t.done)
    kept.pending.push(...t.effects.map(({ key }) => key))
    this.events.push(...t.events.map((event) => ({ ...event, id: t.of.id, at: t.at })))
  }

  #kept(id: string): Kept {
    const kept = this.records.get(id)
    if (!kept) throw new Error(`the model has no ${id}`)
    return kept
  }
}
