import type { Ref } from '../../kernel/index.ts'
import type { Lease, Transition } from '../journal.ts'
import type { Store } from '../store.ts'

/** A new, empty store to be tested. */
export type Subject = {
  readonly store: Store
  /** Closes it and opens the same again, for stores that outlive their process. */
  readonly reopen?: () => Promise<Store>
  close(): Promise<void>
}

export const run = (id: string): Ref => ({ kind: 'run', id })

export const first = (of: Ref, at = 1): Omit<Transition, 'from' | 'done'> => ({
  of,
  state: { step: 0 },
  events: [{ type: 'made', body: { id: of.id } }],
  effects: [{ kind: 'do', key: `${of.id}/0`, spec: { n: 0 } }],
  ended: false,
  at,
})

/** The step after version `from`: does what the step before wanted, and wants one thing more. */
export const next = (of: Ref, from: number, more: Partial<Transition> = {}): Transition => ({
  of,
  from,
  state: { step: from },
  events: [{ type: 'moved', body: { from } }],
  effects: [{ kind: 'do', key: `${of.id}/${from}`, spec: { n: from } }],
  done: [`${of.id}/${from - 1}`],
  ended: false,
  at: from + 1,
  ...more,
})

/** Takes the lease of a record for a second. */
export async function lease(store: Store, of: Ref, owner = 'one', now = 0): Promise<Lease> {
  const claimed = await store.journal.claim(of, owner, 1_000, now)
  if ('heldBy' in claimed) throw new Error(`held by ${claimed.heldBy}`)
  return claimed
}
