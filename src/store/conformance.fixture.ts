import { afterEach, describe, expect, it } from 'vitest'
import { archiveConforms } from './conformance/archive.fixture.ts'
import { eventsConform } from './conformance/events.fixture.ts'
import { leasesConform } from './conformance/leases.fixture.ts'
import { recordsConform } from './conformance/records.fixture.ts'
import { sequencesConform } from './conformance/sequences.fixture.ts'
import { first, lease, next, run, type Subject } from './conformance/subject.fixture.ts'

/** What a store that outlives its process must still know. */
function reopeningConforms(fresh: () => Promise<Subject>): void {
  it('is the same when it is opened again, and lets no old owner in', async () => {
    const { store, reopen } = await fresh()
    if (!reopen) return
    await store.journal.create(first(run('a')))
    const held = await lease(store, run('a'))
    await store.journal.commit(next(run('a'), 1), held)
    await store.journal.setNote('n', 1)
    const release = `sha256:${'a'.repeat(64)}` as const
    const evidence = await store.evidence.put({ kind: 'tests', at: 1, about: { release }, body: null })
    const before = [await store.journal.read(run('a')), await store.journal.events(0, 9)]
    const again = await reopen()
    expect([await again.journal.read(run('a')), await again.journal.events(0, 9)]).toEqual(before)
    expect((await again.journal.pending(run('a'))).map(({ key }) => key)).toEqual(['a/1'])
    expect(await again.journal.note('n')).toBe(1)
    expect(await again.evidence.get(evidence.id)).toEqual(evidence)
    expect((await lease(again, run('a'), 'two', 2_000)).fence).toBeGreaterThan(held.fence)
    expect(await again.journal.commit(next(run('a'), 2), held)).toBe('stale')
  })
}

/**
 * What every store must do, wherever it keeps things.
 * @param open makes a new, empty store each time
 */
export function describeStore(name: string, open: () => Promise<Subject>): void {
  describe(`the store ${name}`, () => {
    const opened: Subject[] = []
    const fresh = async () => {
      const subject = await open()
      opened.push(subject)
      return subject
    }
    afterEach(async () => {
      for (const subject of opened.splice(0)) await subject.close()
    })
    recordsConform(fresh)
    leasesConform(fresh)
    eventsConform(fresh)
    archiveConforms(fresh)
    reopeningConforms(fresh)
    sequencesConform(open)
  })
}
