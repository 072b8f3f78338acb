import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { describeStore } from '../conformance.fixture.ts'
import type { Store } from '../store.ts'
import { openStore } from './open.ts'

const root = mkdtempSync(join(tmpdir(), 'plimsoll-store-'))
let folders = 0
const newFolder = () => join(root, String(folders++))
afterAll(() => rmSync(root, { recursive: true, force: true }))

describeStore('on SQLite', async () => {
  const folder = newFolder()
  let store = await openStore(folder)
  return {
    store,
    async reopen() {
      await store.close()
      store = await openStore(folder)
      return store
    },
    close: () => store.close(),
  }
})

const of = { kind: 'run', id: 'a' }

const begin = (store: Store, at: number) =>
  store.journal.create({
    of,
    state: { n: 1 },
    events: [{ type: 'moved', body: 1 }],
    effects: [],
    ended: false,
    at,
  })

/** A record, its events and its effects tell the same story. */
async function expectWhole(folder: string, atLeast: number): Promise<number> {
  const store = await openStore(folder)
  const version = (await store.journal.read(of))?.version ?? 0
  expect(version).toBeGreaterThanOrEqual(atLeast)
  expect((await store.journal.events(0, 1_000_000)).map(({ body }) => body)).toEqual(
    Array.from({ length: version }, (_, i) => i + 1),
  )
  expect((await store.journal.pending(of)).map(({ key }) => key)).toEqual(version < 2 ? [] : [`a/${version}`])
  if (version > 0) expect((await store.journal.read(of))?.state).toMatchObject({ n: version })
  await store.close()
  return version
}

describe('an open store', () => {
  it('syncs at every commit, and is for its owner alone', async () => {
    const folder = newFolder()
    const store = await openStore(folder)
    const db = new DatabaseSync(join(folder, 'plimsoll.db'), { readOnly: true })
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    db.close()
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(folder))
      expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600])
    await store.close()
  })

  it('answers from what others can see, too', async () => {
    const folder = newFolder()
    const store = await openStore(folder)
    const other = new DatabaseSync(join(folder, 'plimsoll.db'), { readOnly: true })
    const seen: unknown[] = []
    store.journal.watch(() => seen.push(other.prepare('SELECT max(seq) AS seq FROM event').get()?.seq))
    await begin(store, 1)
    expect(seen).toEqual([1])
    other.close()
    await store.close()
  })

  it('closes once, with what was asked for before, and refuses what comes later', async () => {
    const folder = newFolder()
    const store = await openStore(folder)
    const asked = store.journal.setNote('asked', 1)
    await store.close()
    await store.close()
    await asked
    await expect(store.journal.setNote('late', 1)).rejects.toThrow('closed')
    const again = await openStore(folder)
    expect(await again.journal.notes('')).toEqual([{ key: 'asked', value: 1 }])
    await again.close()
  })

  it('says of a broken lock file what it is, not that somebody holds it', async () => {
    const folder = newFolder()
    mkdirSync(folder)
    writeFileSync(join(folder, 'server.lock'), 'no database at all, but a text that is long enough to be one')
    await expect(openStore(folder)).rejects.toThrow('not a database')
  })
})

const program = (folder: string) => `
import { openStore } from ${JSON.stringify(new URL('./open.ts', import.meta.url).href)}
const store = await openStore(${JSON.stringify(folder)})
const of = { kind: 'run', id: 'a' }
await store.journal.create({ of, state: { n: 1 }, events: [{ type: 'moved', body: 1 }], effects: [], ended: false, at: 1 })
const lease = await store.journal.claim(of, 'one', 1e12, 0)
for (let version = (await store.journal.read(of)).version; ; version++) {
  await store.journal.commit({ of, from: version, state: { n: version + 1 }, events: [{ type: 'moved', body: version + 1 }],
    effects: [{ kind: 'do', key: 'a/' + (version + 1), spec: null }], done: ['a/' + version], ended: false, at: version }, lease)
  process.stdout.write((version + 1) + '\\n')
}
`

/** A process that commits as fast as it can and says what was acknowledged. */
function startCommitting(folder: string): {
  child: ChildProcess
  acknowledged: () => number
  said: () => string
} {
  const file = join(newFolder(), 'commit.mjs')
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, program(folder))
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk) => {
    out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    err += chunk
  })
  return { child, acknowledged: () => Number(out.trimEnd().split('\n').at(-1) ?? 0), said: () => err }
}

const until = async (done: () => boolean, limitMs = 15_000): Promise<void> => {
  const end = Date.now() + limitMs
  while (!done()) {
    if (Date.now() > end) throw new Error('it never came')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve))

describe('one server at a time', () => {
  it('keeps a second server out and names the first; kill -9 frees the folder and loses nothing', {
    timeout: 40_000,
  }, async () => {
    const folder = newFolder()
    const first = startCommitting(folder)
    await until(() => first.acknowledged() > 50)
    await expect(openStore(folder)).rejects.toMatchObject({
      code: 'PLM_STORE_HELD',
      problems: [{ text: expect.stringContaining(`pid ${first.child.pid}`) }],
    })
    const second = startCommitting(folder)
    await ended(second.child)
    expect(second.said()).toContain('held by')
    const gone = ended(first.child)
    first.child.kill('SIGKILL')
    await gone
    const found = await expectWhole(folder, first.acknowledged())
    expect(found).toBeGreaterThan(50)
  })

  it('refuses a store of a later version', async () => {
    const folder = newFolder()
    await (await openStore(folder)).close()
    const db = new DatabaseSync(join(folder, 'plimsoll.db'))
    db.exec('PRAGMA user_version = 999')
    db.close()
    await expect(openStore(folder)).rejects.toMatchObject({ code: 'PLM_STORE_NEWER' })
    await expect(openStore(folder)).rejects.toMatchObject({ code: 'PLM_STORE_NEWER' })
  })
})
