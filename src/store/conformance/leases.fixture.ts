import { expect, it } from 'vitest'
import type { Subject } from './subject.fixture.ts'
import { first, lease, next, run } from './subject.fixture.ts'

/** One owner at a time may change a record, and an old one is told from a new one. */
export function leasesConform(fresh: () => Promise<Subject>): void {
  it('keeps others out until a lease ends, and the old owner out afterwards', async () => {
    const { store } = await fresh()
    await store.journal.create(first(run('a')))
    const old = await lease(store, run('a'), 'one', 0)
    expect(await store.journal.claim(run('a'), 'two', 1_000, 999)).toEqual({ heldBy: 'one', until: 1_000 })
    const taken = await lease(store, run('a'), 'two', 1_000)
    expect(taken.fence).toBeGreaterThan(old.fence)
    expect(await store.journal.commit(next(run('a'), 1), old)).toBe('stale')
    expect(await store.journal.commit(next(run('a'), 1), taken)).toBe('done')
  })

  it('gives a lease to one of two who ask at once', async () => {
    const { journal } = (await fresh()).store
    await journal.create(first(run('a')))
    const answers = await Promise.all(['one', 'two'].map((owner) => journal.claim(run('a'), owner, 1_000, 0)))
    expect(answers.filter((answer) => 'heldBy' in answer)).toHaveLength(1)
  })

  it('lets the owner go on after the end, as long as nobody took the lease', async () => {
    const { store } = await fresh()
    await store.journal.create(first(run('a')))
    const held = await lease(store, run('a'), 'one', 0)
    const late = await lease(store, run('a'), 'one', 5_000)
    expect(late).toMatchObject({ fence: held.fence, until: 6_000 })
    expect(await store.journal.commit(next(run('a'), 1, { at: 9_000 }), held)).toBe('done')
  })

  it('renews a lease under the same fence, and gives it back', async () => {
    const { store } = await fresh()
    await store.journal.create(first(run('a')))
    const held = await lease(store, run('a'), 'one', 0)
    expect(await lease(store, run('a'), 'one', 500)).toMatchObject({ fence: held.fence, until: 1_500 })
    await store.journal.release(held)
    expect(await store.journal.commit(next(run('a'), 1), held)).toBe('stale')
    expect((await lease(store, run('a'), 'two', 600)).fence).toBeGreaterThan(held.fence)
    expect(await store.journal.commit(next(run('a'), 1), held)).toBe('stale')
  })

  it('leaves the lease of another alone when an old one is given back', async () => {
    const { store } = await fresh()
    await store.journal.create(first(run('a')))
    const old = await lease(store, run('a'), 'one', 0)
    const taken = await lease(store, run('a'), 'two', 1_000)
    await store.journal.release(old)
    expect(await store.journal.claim(run('a'), 'three', 1_000, 1_001)).toMatchObject({ heldBy: 'two' })
    expect(await store.journal.commit(next(run('a'), 1), taken)).toBe('done')
  })

  it('tells an old lease from a new one of the same owner', async () => {
    const { store } = await fresh()
    await store.journal.create(first(run('a')))
    const old = await lease(store, run('a'), 'one', 0)
    await lease(store, run('a'), 'two', 1_000)
    const again = await lease(store, run('a'), 'one', 2_000)
    expect(again.fence).toBeGreaterThan(old.fence)
    expect(await store.journal.commit(next(run('a'), 1), old)).toBe('stale')
    await store.journal.release(old)
    expect(await store.journal.commit(next(run('a'), 1), again)).toBe('done')
  })

  it('has no lease of one record for another, nor of one that is not there', async () => {
    const { store } = await fresh()
    await store.journal.create(first(run('a')))
    await store.journal.create(first(run('b')))
    const held = await lease(store, run('a'))
    expect(await store.journal.commit(next(run('b'), 1), held)).toBe('stale')
    await expect(store.journal.claim(run('c'), 'one', 1_000, 0)).rejects.toThrow('run/c')
  })
}
