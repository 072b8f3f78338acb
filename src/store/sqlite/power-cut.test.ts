import { cpSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Lease } from '../journal.ts'
import type { Store } from '../store.ts'
import { openStore } from './open.ts'

const root = mkdtempSync(join(tmpdir(), 'plimsoll-power-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const ids = ['a', 'b', 'c']
const ref = (id: string) => ({ kind: 'run', id })
const wal = (folder: string) => join(folder, 'plimsoll.db-wal')
const logLength = (folder: string) => statSync(wal(folder), { throwIfNoEntry: false })?.size ?? 0

/** Versions by record, as acknowledged when the log was so long. */
type Acknowledged = { readonly length: number; readonly versions: Readonly<Record<string, number>> }

/** Moves one record from a version to the next: its event, its effect and its state all name the new version. */
async function move(store: Store, id: string, from: number, lease: Lease): Promise<void> {
  const to = from + 1
  const transition = {
    of: ref(id),
    from,
    // Sometimes within a page, sometimes over several.
    state: { n: to, padding: 'x'.repeat((to * 977) % 6_000) },
    events: [{ type: 'moved', body: to }],
    effects: [{ kind: 'do', key: `${id}/${to}`, spec: null }],
    done: [`${id}/${from}`],
    ended: false,
    at: from,
  }
  expect(await store.journal.commit(transition, lease)).toBe('done')
}

async function make(store: Store, id: string): Promise<void> {
  const events = [{ type: 'moved', body: 1 }]
  const effects = [{ kind: 'do', key: `${id}/1`, spec: null }]
  await store.journal.create({ of: ref(id), state: { n: 1 }, events, effects, ended: false, at: 1 })
}

/** Moves all records on together, so that they are committed as groups; notes what was answered at what length. */
async function live(folder: string, store: Store, from: number, to: number): Promise<Acknowledged[]> {
  const versions: Record<string, number> = Object.fromEntries(ids.map((id) => [id, from]))
  const answered: Acknowledged[] = [{ length: 0, versions: { ...versions } }]
  const leases = new Map<string, Lease>()
  for (const id of ids) leases.set(id, (await store.journal.claim(ref(id), 'one', 1e9, 0)) as Lease)
  for (let version = from; version < to; version++) {
    // Now all three at once, now one alone.
    const moving = version % 3 === 0 ? ids.map((id) => [id]) : [ids]
    for (const group of moving)
      await Promise.all(
        group.map(async (id) => {
          await move(store, id, version, leases.get(id) as Lease)
          versions[id] = version + 1
          answered.push({ length: logLength(folder), versions: { ...versions } })
        }),
      )
  }
  return answered
}

/** Each record, its events and its effects tell the same story, and no promise is broken. Returns the versions. */
async function expectWhole(folder: string, promised: Readonly<Record<string, number>>): Promise<string> {
  const { journal, close } = await openStore(folder)
  const found: number[] = []
  for (const id of ids) {
    const record = await journal.read(ref(id))
    const version = record?.version ?? 0
    expect(version).toBeGreaterThanOrEqual(promised[id] ?? 0)
    expect(record?.state).toMatchObject({ n: version })
    const bodies = (await journal.events(0, 1_000, ref(id))).map(({ body }) => body)
    expect(bodies).toEqual(Array.from({ length: version }, (_, i) => i + 1))
    expect((await journal.pending(ref(id))).map(({ key }) => key)).toEqual([`${id}/${version}`])
    found.push(version)
  }
  const seqs = (await journal.events(0, 1_000)).map(({ seq }) => seq)
  expect(seqs).toEqual(seqs.map((_, i) => i + 1))
  await close()
  return found.join()
}

/** Every boundary of a frame, and places inside its header and its page. */
function cutsOf(length: number): number[] {
  const header = 32
  const frame = 24 + 4_096
  const frames = (length - header) / frame
  expect(Number.isInteger(frames)).toBe(true)
  const starts = Array.from({ length: frames }, (_, i) => header + i * frame)
  return [0, 12, ...starts.flatMap((at) => [at, at + 12, at + 2_000]), length]
}

describe('a power cut', () => {
  it('leaves every acknowledged change, and no half of one, wherever the log is cut', {
    timeout: 90_000,
  }, async () => {
    const folder = join(root, 'first')
    const earlier = await openStore(folder)
    for (const id of ids) await make(earlier, id)
    await live(folder, earlier, 1, 4)
    // Closing moves the log into the database: the log below begins anew.
    await earlier.close()
    const store = await openStore(folder)
    const acknowledged = await live(folder, store, 4, 16)
    const whole = join(root, 'whole')
    cpSync(folder, whole, { recursive: true, filter: (path) => !/server\.|-shm/.test(path) })
    await store.close()

    const found = new Set<string>()
    const cuts = cutsOf(logLength(whole))
    for (const cut of cuts) {
      const copy = join(root, 'copy')
      cpSync(whole, copy, { recursive: true })
      truncateSync(wal(copy), cut)
      const promised = acknowledged.filter(({ length }) => length <= cut).at(-1)
      found.add(await expectWhole(copy, promised?.versions ?? {}))
      rmSync(copy, { recursive: true })
    }
    console.log(`log cut at ${cuts.length} places; ${found.size} different states found, all whole`)
    // 12 rounds from 4 to 15: four of three single commits, eight of one group; and the state before the log.
    expect(found.size).toBe(4 * 3 + 8 + 1)
  })
})
