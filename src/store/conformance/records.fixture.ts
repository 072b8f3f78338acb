import { expect, it } from 'vitest'
import type { Subject } from './subject.fixture.ts'
import { first, lease, next, run } from './subject.fixture.ts'

/** Records change whole or not at all, and can be found. */
export function recordsConform(fresh: () => Promise<Subject>): void {
  it('makes a record once, with its events and effects', async () => {
    const { journal } = (await fresh()).store
    expect(await journal.create(first(run('a')))).toBe('created')
    const other = { ...first(run('a')), state: { other: true }, effects: [{ kind: 'do', key: 'x', spec: 0 }] }
    expect(await journal.create(other)).toBe('exists')
    expect(await journal.read(run('a'))).toEqual({
      of: run('a'),
      version: 1,
      state: { step: 0 },
      ended: false,
      createdAt: 1,
      changedAt: 1,
    })
    expect(await journal.events(0, 10)).toEqual([
      { seq: 1, of: run('a'), type: 'made', body: { id: 'a' }, at: 1 },
    ])
    expect(await journal.pending(run('a'))).toEqual([
      { of: run('a'), kind: 'do', key: 'a/0', spec: { n: 0 }, seq: expect.any(Number) },
    ])
    expect(await journal.read(run('b'))).toBeUndefined()
    expect(await journal.read({ kind: 'other', id: 'a' })).toBeUndefined()
  })

  it('commits state, events, effects and what was done, all at once', async () => {
    const { store } = await fresh()
    await store.journal.create(first(run('a')))
    expect(await store.journal.commit(next(run('a'), 1), await lease(store, run('a')))).toBe('done')
    expect(await store.journal.read(run('a'))).toMatchObject({
      version: 2,
      state: { step: 1 },
      createdAt: 1,
      changedAt: 2,
    })
    expect((await store.journal.pending(run('a'))).map(({ key }) => key)).toEqual(['a/1'])
    expect((await store.journal.events(1, 10)).map(({ type }) => type)).toEqual(['moved'])
  })

  it('writes nothing for a version that is not the current one, nor for a record that is not there', async () => {
    const { store } = await fresh()
    await store.journal.create(first(run('a')))
    const held = await lease(store, run('a'))
    expect(await store.journal.commit(next(run('a'), 2), held)).toBe('stale')
    expect(await store.journal.commit(next(run('b'), 0), { ...held, of: run('b') })).toBe('stale')
    expect(await store.journal.read(run('a'))).toMatchObject({ version: 1 })
    expect(await store.journal.read(run('b'))).toBeUndefined()
    expect(await store.journal.newest()).toBe(1)
    expect((await store.journal.pending(run('a'))).map(({ key }) => key)).toEqual(['a/0'])
    expect(await store.journal.withPending()).toEqual([run('a')])
  })

  it('keeps what is written apart from what the caller still holds', async () => {
    const { journal } = (await fresh()).store
    const state = { list: [1] }
    await journal.create({ ...first(run('a')), state })
    state.list.push(2)
    const read = (await journal.read(run('a')))?.state as { list: number[] }
    // To refuse it at once is as good as to change nothing that is kept.
    try {
      read.list.push(3)
    } catch {}
    expect((await journal.read(run('a')))?.state).toEqual({ list: [1] })
  })

  it('lists records of a kind, newest first, open or ended, page by page', async () => {
    const { store } = await fresh()
    for (const [i, id] of ['a', 'b', 'c', 'd'].entries()) await store.journal.create(first(run(id), 10 + i))
    await store.journal.create(first({ kind: 'other', id: 'x' }))
    await store.journal.commit(next(run('b'), 1, { ended: true }), await lease(store, run('b')))
    const ids = async (query: object) =>
      (await store.journal.list({ kind: 'run', ...query })).map(({ of }) => of.id)
    expect(await ids({})).toEqual(['d', 'c', 'b', 'a'])
    expect(await ids({ ended: false })).toEqual(['d', 'c', 'a'])
    expect(await ids({ ended: true })).toEqual(['b'])
    expect(await ids({ limit: 2 })).toEqual(['d', 'c'])
    expect(await ids({ limit: 0 })).toEqual([])
  })

  it('knows which records have something to do, ended ones too', async () => {
    const { store } = await fresh()
    await store.journal.create(first(run('a')))
    await store.journal.create({ ...first(run('b')), effects: [] })
    await store.journal.commit(next(run('a'), 1, { ended: true }), await lease(store, run('a')))
    expect(await store.journal.withPending()).toEqual([run('a')])
    await store.journal.settle(run('b'), ['a/1'])
    expect(await store.journal.withPending()).toEqual([run('a')])
    await store.journal.settle(run('a'), ['a/1'])
    expect(await store.journal.withPending()).toEqual([])
  })

  it('keeps notes', async () => {
    const { journal } = (await fresh()).store
    await journal.setNote('token/b', { n: 1 })
    await journal.setNote('token/a', null)
    await journal.setNote('token/b', { n: 2 })
    await journal.setNote('tokens', 'no token')
    await journal.setNote('Token/c', 'no token either')
    expect(await journal.note('token/b')).toEqual({ n: 2 })
    expect(await journal.note('token/a')).toBeNull()
    expect(await journal.note('nothing')).toBeUndefined()
    expect(await journal.notes('token/')).toEqual([
      { key: 'token/a', value: null },
      { key: 'token/b', value: { n: 2 } },
    ])
  })
}
