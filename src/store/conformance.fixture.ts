import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Digest, Ref } from '../kernel/index.ts'
import type { Lease, Transition } from './journal.ts'
import type { Store } from './store.ts'

const run = (id: string): Ref => ({ kind: 'run', id })
const release: Digest = `sha256:${'a'.repeat(64)}`

const first = (of: Ref, at = 1): Omit<Transition, 'from' | 'done'> => ({
  of,
  state: { step: 0 },
  events: [{ type: 'made', body: { id: of.id } }],
  effects: [{ kind: 'do', key: `${of.id}/0`, spec: { n: 0 } }],
  ended: false,
  at,
})

const next = (of: Ref, from: number, more: Partial<Transition> = {}): Transition => ({
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

async function lease(store: Store, of: Ref, owner = 'one', now = 0): Promise<Lease> {
  const claimed = await store.journal.claim(of, owner, 1_000, now)
  if ('heldBy' in claimed) throw new Error(`held by ${claimed.heldBy}`)
  return claimed
}

/** What every store must do, wherever it keeps things. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(`the store ${name}`, () => {
    const opened: Store[] = []
    const fresh = async () => {
      const store = await open()
      opened.push(store)
      return store
    }
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close()
    })

    it('makes a record once, with its events and effects', async () => {
      const { journal } = await fresh()
      expect(await journal.create(first(run('a')))).toBe('created')
      expect(await journal.create({ ...first(run('a')), state: { other: true } })).toBe('exists')
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
      expect(await journal.pending(run('a'))).toMatchObject([{ kind: 'do', key: 'a/0', spec: { n: 0 } }])
      expect(await journal.read(run('b'))).toBeUndefined()
    })

    it('commits state, events, effects and what was done, all at once', async () => {
      const store = await fresh()
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

    it('writes nothing for a version that is not the current one', async () => {
      const store = await fresh()
      await store.journal.create(first(run('a')))
      const held = await lease(store, run('a'))
      expect(await store.journal.commit(next(run('a'), 2), held)).toBe('stale')
      expect(await store.journal.read(run('a'))).toMatchObject({ version: 1 })
      expect(await store.journal.newest()).toBe(1)
      expect((await store.journal.pending(run('a'))).map(({ key }) => key)).toEqual(['a/0'])
    })

    it('keeps others out until a lease ends, and the old owner out afterwards', async () => {
      const store = await fresh()
      await store.journal.create(first(run('a')))
      const old = await lease(store, run('a'), 'one', 0)
      expect(await store.journal.claim(run('a'), 'two', 1_000, 999)).toEqual({ heldBy: 'one', until: 1_000 })
      const taken = await lease(store, run('a'), 'two', 1_001)
      expect(taken.fence).toBeGreaterThan(old.fence)
      expect(await store.journal.commit(next(run('a'), 1), old)).toBe('stale')
      expect(await store.journal.commit(next(run('a'), 1), taken)).toBe('done')
    })

    it('renews a lease under the same fence, and gives it back', async () => {
      const store = await fresh()
      await store.journal.create(first(run('a')))
      const held = await lease(store, run('a'), 'one', 0)
      expect(await lease(store, run('a'), 'one', 500)).toMatchObject({ fence: held.fence, until: 1_500 })
      await store.journal.release(held)
      expect((await lease(store, run('a'), 'two', 600)).fence).toBeGreaterThan(held.fence)
      expect(await store.journal.commit(next(run('a'), 1), held)).toBe('stale')
    })

    it('lists records of a kind, newest first, open or ended, page by page', async () => {
      const store = await fresh()
      for (const [i, id] of ['a', 'b', 'c', 'd'].entries()) await store.journal.create(first(run(id), 10 + i))
      await store.journal.create(first({ kind: 'other', id: 'x' }))
      await store.journal.commit(next(run('b'), 1, { ended: true }), await lease(store, run('b')))
      const ids = async (query: object) =>
        (await store.journal.list({ kind: 'run', ...query })).map(({ of }) => of.id)
      expect(await ids({})).toEqual(['d', 'c', 'b', 'a'])
      expect(await ids({ ended: false })).toEqual(['d', 'c', 'a'])
      expect(await ids({ ended: true })).toEqual(['b'])
      expect(await ids({ limit: 2, before: 13 })).toEqual(['c', 'b'])
    })

    it('knows which records have something to do, ended ones too', async () => {
      const store = await fresh()
      await store.journal.create(first(run('a')))
      await store.journal.create({ ...first(run('b')), effects: [] })
      await store.journal.commit(next(run('a'), 1, { ended: true }), await lease(store, run('a')))
      expect(await store.journal.withPending()).toEqual([run('a')])
      await store.journal.settle(run('a'), ['a/1'])
      expect(await store.journal.withPending()).toEqual([])
    })

    it('tells listeners when events are there to be read', async () => {
      const { journal } = await fresh()
      const heard: number[] = []
      const stop = journal.watch((newest) => heard.push(newest))
      await journal.create(first(run('a')))
      await journal.create({ ...first(run('b')), events: [] })
      stop()
      await journal.create(first(run('c')))
      expect(heard).toEqual([1])
      expect((await journal.events(0, 10, run('c'))).map(({ seq }) => seq)).toEqual([2])
    })

    it('keeps notes', async () => {
      const { journal } = await fresh()
      await journal.setNote('token/b', { n: 1 })
      await journal.setNote('token/a', null)
      await journal.setNote('token/b', { n: 2 })
      await journal.setNote('tokens', 'no token')
      expect(await journal.note('token/b')).toEqual({ n: 2 })
      expect(await journal.note('nothing')).toBeUndefined()
      expect(await journal.notes('token/')).toEqual([
        { key: 'token/a', value: null },
        { key: 'token/b', value: { n: 2 } },
      ])
    })

    it('gives evidence one name, however often it is put', async () => {
      const { evidence } = await fresh()
      const draft = { kind: 'tests', at: 5, about: { release }, body: { passed: 3 } }
      const put = await evidence.put(draft)
      expect(await evidence.put(draft)).toEqual(put)
      await evidence.put({ ...draft, kind: 'provenance', at: 4 })
      expect((await evidence.about(release)).map(({ kind }) => kind)).toEqual(['provenance', 'tests'])
      expect(await evidence.about(release, ['tests'])).toEqual([put])
      expect(await evidence.get(put.id)).toEqual(put)
      expect(await evidence.about(`sha256:${'b'.repeat(64)}`)).toEqual([])
    })

    it('keeps blobs by their digest', async () => {
      const { blobs } = await fresh()
      const bytes = (text: string) =>
        (async function* () {
          yield new TextEncoder().encode(text.slice(0, 3))
          yield new TextEncoder().encode(text.slice(3))
        })()
      const { digest, size } = await blobs.put(bytes('hello there'))
      expect(size).toBe(11)
      expect(digest).toBe('sha256:12998c017066eb0d2a70b94e6ed3192985855ce390f321bbdb832022888bd251')
      expect(await blobs.has(digest)).toBe(true)
      const chunks: Uint8Array[] = []
      for await (const chunk of (await blobs.open(digest)) ?? []) chunks.push(chunk)
      expect(Buffer.concat(chunks).toString()).toBe('hello there')
      expect(await blobs.open(`sha256:${'0'.repeat(64)}`)).toBeUndefined()
    })

    it('lets many write at once: each alone, none lost, events in the order of commits', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), wrong: fc.boolean() }), { maxLength: 40 }),
          async (writes) => {
            const store = await open()
            const versions: Record<string, number> = { a: 1, b: 1, c: 1 }
            for (const id of Object.keys(versions))
              await store.journal.create({ ...first(run(id)), events: [], effects: [] })
            const leases = Object.fromEntries(
              await Promise.all(
                Object.keys(versions).map(async (id) => [id, await lease(store, run(id))] as const),
              ),
            )
            const answers = await Promise.all(
              writes.map(({ id, wrong }) => {
                const from = wrong ? 99 : (versions[id] ?? 0)
                if (!wrong) versions[id] = from + 1
                return store.journal.commit(next(run(id), from), leases[id] as Lease)
              }),
            )
            expect(answers).toEqual(writes.map(({ wrong }) => (wrong ? 'stale' : 'done')))
            for (const [id, version] of Object.entries(versions))
              expect(await store.journal.read(run(id))).toMatchObject({ version })
            const seqs = (await store.journal.events(0, 1_000)).map(({ seq }) => seq)
            expect(seqs).toEqual(seqs.map((_, i) => i + 1))
            await store.close()
          },
        ),
        { numRuns: 25 },
      )
    })
  })
}
