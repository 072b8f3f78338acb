import { expect, it } from 'vitest'
import type { StoredEvent } from '../journal.ts'
import type { Subject } from './subject.fixture.ts'
import { first, lease, next, run } from './subject.fixture.ts'

/** Events are one list that only grows; who follows it misses none and sees none twice. */
export function eventsConform(fresh: () => Promise<Subject>): void {
  it('tells listeners of each change with events, when they are there to be read', async () => {
    const { store } = await fresh()
    const heard: Promise<[number, number | undefined]>[] = []
    const stop = store.journal.watch((newest) => {
      heard.push(store.journal.events(newest - 1, 1).then(([event]) => [newest, event?.seq]))
    })
    await store.journal.create(first(run('a')))
    await store.journal.create(first(run('a')))
    await store.journal.create({ ...first(run('b')), events: [] })
    const held = await lease(store, run('a'))
    await store.journal.commit(next(run('a'), 7), held)
    await store.journal.commit(next(run('a'), 1), held)
    stop()
    await store.journal.create(first(run('c')))
    expect(await Promise.all(heard)).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  it('pages through the events of all records, or of one', async () => {
    const { journal } = (await fresh()).store
    expect(await journal.newest()).toBe(0)
    for (const id of ['a', 'b', 'c']) {
      const made = first(run(id))
      await journal.create({ ...made, events: [...made.events, { type: 'named', body: id }] })
    }
    const page = async (after: number, limit: number, id?: string) =>
      (await journal.events(after, limit, id === undefined ? undefined : run(id))).map(({ seq }) => seq)
    expect(await page(0, 4)).toEqual([1, 2, 3, 4])
    expect(await page(4, 4)).toEqual([5, 6])
    expect(await page(0, 10, 'b')).toEqual([3, 4])
    expect(await page(3, 10, 'b')).toEqual([4])
    expect(await page(6, 10)).toEqual([])
    expect(await journal.newest()).toBe(6)
  })

  it('lets a follower see every event once, in order, while many write', async () => {
    const { store } = await fresh()
    const ids = ['a', 'b', 'c', 'd']
    const seen: StoredEvent[] = []
    let following = Promise.resolve()
    const follow = async () => {
      seen.push(...(await store.journal.events(seen.at(-1)?.seq ?? 0, 1_000)))
    }
    store.journal.watch(() => {
      following = following.then(follow)
    })
    const write = async (id: string) => {
      await store.journal.create(first(run(id)))
      const held = await lease(store, run(id))
      for (let from = 1; from <= 10; from++) await store.journal.commit(next(run(id), from), held)
    }
    await Promise.all(ids.map(write))
    await following
    expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: 44 }, (_, i) => i + 1))
    for (const id of ids)
      expect(seen.filter(({ of }) => of.id === id).map(({ at }) => at)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
      ])
  })
}
