import { type ChildProcess, spawn } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { describeStore } from '../conformance.fixture.ts'
import type { Lease } from '../journal.ts'
import { openStore } from './open.ts'

const root = mkdtempSync(join(tmpdir(), 'plimsoll-store-'))
let folders = 0
const newFolder = () => join(root, String(folders++))
afterAll(() => rmSync(root, { recursive: true, force: true }))

describeStore('on SQLite', () => openStore(newFolder()))

const of = { kind: 'run', id: 'a' }

/** Makes a record and moves it on; calls back after each answer. */
async function fill(folder: string, moves: number, answered: (version: number) => void) {
  const store = await openStore(folder)
  await store.journal.create({
    of,
    state: { n: 1 },
    events: [{ type: 'moved', body: 1 }],
    effects: [],
    ended: false,
    at: 1,
  })
  answered(1)
  const lease = (await store.journal.claim(of, 'one', 1e9, 0)) as Lease
  for (let version = 1; version <= moves; version++) {
    const transition = {
      of,
      from: version,
      state: { n: version + 1, padding: 'x'.repeat((version * 977) % 6_000) },
      events: [{ type: 'moved', body: version + 1 }],
      effects: [{ kind: 'do', key: `a/${version + 1}`, spec: null }],
      done: [`a/${version}`],
      ended: false,
      at: version,
    }
    expect(await store.journal.commit(transition, lease)).toBe('done')
    answered(version + 1)
  }
  return store
}

/** A record, its events and its effects tell the same story. */
async function expectWhole(folder: string, atLeast: number): Promise<number> {
  const store = await openStore(folder)
  const version = (await store.journal.read(of))?.version ?? 0
  expect(version).toBeGreaterThanOrEqual(atLeast)
  expect((await store.journal.events(0, 1_000)).map(({ body }) => body)).toEqual(
    Array.from({ length: version }, (_, i) => i + 1),
  )
  expect((await store.journal.pending(of)).map(({ key }) => key)).toEqual(version < 2 ? [] : [`a/${version}`])
  if (version > 0) expect((await store.journal.read(of))?.state).toMatchObject({ n: version })
  await store.close()
  return version
}

describe('power loss', () => {
  it('leaves every acknowledged change, and no half of one, wherever the log is cut', {
    timeout: 60_000,
  }, async () => {
    const folder = newFolder()
    const wal = (at: string) => join(at, 'plimsoll.db-wal')
    const acknowledged: { length: number; version: number }[] = []
    const store = await fill(folder, 30, (version) =>
      acknowledged.push({ length: statSync(wal(folder)).size, version }),
    )
    const whole = newFolder()
    cpSync(folder, whole, { recursive: true, filter: (path) => !path.includes('server.') })
    await store.close()
    const header = 32
    const frame = 24 + 4_096
    const length = statSync(wal(whole)).size
    const frames = (length - header) / frame
    expect(Number.isInteger(frames)).toBe(true)
    const cuts = Array.from({ length: frames + 1 }, (_, i) => header + i * frame).flatMap((at) => [
      at,
      at + 12,
      at + 2_000,
    ])
    let versions = new Set<number>()
    for (const cut of cuts.filter((at) => at <= length)) {
      const copy = newFolder()
      cpSync(whole, copy, { recursive: true })
      rmSync(join(copy, 'plimsoll.db-shm'), { force: true })
      truncateSync(wal(copy), cut)
      // What was in the database file before the log began counts as acknowledged, too.
      const promised = acknowledged.filter((one) => one.length <= cut).at(-1)?.version ?? 0
      versions = versions.add(await expectWhole(copy, promised))
      rmSync(copy, { recursive: true })
    }
    console.log(`log of ${frames} frames cut at ${cuts.length} places; versions found: ${versions.size}`)
    expect(versions.size).toBe(32)
  })

  it('is guarded against by syncing at every commit', async () => {
    const folder = newFolder()
    await (await openStore(folder)).close()
    const db = new DatabaseSync(join(folder, 'plimsoll.db'))
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    db.close()
    expect(statSync(join(folder, 'plimsoll.db')).mode & 0o777).toBe(0o600)
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

describe('blobs', () => {
  it('are never read damaged, and leave nothing when they fail', async () => {
    const folder = newFolder()
    const store = await openStore(folder)
    const { digest } = await store.blobs.put(
      (async function* () {
        yield Buffer.from('precious')
      })(),
    )
    const hex = digest.slice(7)
    writeFileSync(join(folder, 'blobs', hex.slice(0, 2), hex.slice(2)), 'damaged!')
    const read = async () => {
      for await (const _ of (await store.blobs.open(digest)) ?? []);
    }
    await expect(read()).rejects.toThrow(/damaged/)
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half')
      throw new Error('the sender is gone')
    }
    await expect(store.blobs.put(failing())).rejects.toThrow('the sender is gone')
    expect(readdirSync(join(folder, 'blobs')).filter((name) => name.startsWith('.new'))).toEqual([])
    await store.close()
  })
})
