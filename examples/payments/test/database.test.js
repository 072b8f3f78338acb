import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { openDatabase, transact } from '../src/database.js'
import { migrations } from '../src/migrations.js'
import { dropFolder, newFolder, openAside, startService } from '../support/service.js'

let folder
beforeEach(() => {
  folder = newFolder()
})
afterEach(() => dropFolder(folder))

const versionOf = (db) => db.prepare('PRAGMA user_version').get().user_version

describe('the database', () => {
  test('is made once when several instances start at the same time', async () => {
    await using started = new AsyncDisposableStack()
    const start = async () => started.use(await startService(folder))
    const services = await Promise.all([1, 2, 3, 4].map(start))
    for (const service of services) assert.equal((await service.ask('GET', '/healthcheck')).status, 200)
    assert.deepEqual(await Promise.all(services.map((service) => service.stop())), [0, 0, 0, 0])
  })

  test('is brought forward from an older release, with what it holds', () => {
    const old = openAside(folder)
    old.exec(`${migrations[0]}; PRAGMA user_version = 1`)
    old.exec("INSERT INTO idempotency (key, fingerprint, at) VALUES ('kept', '', 0)")
    old.close()
    const db = openDatabase(folder)
    assert.equal(versionOf(db), migrations.length)
    assert.equal(db.prepare('SELECT key FROM idempotency').get().key, 'kept')
    db.close()
  })

  test('of a newer release is left as it is', () => {
    const newer = openDatabase(folder)
    newer.exec(`PRAGMA user_version = ${migrations.length + 1}`)
    newer.close()
    const db = openDatabase(folder)
    assert.equal(versionOf(db), migrations.length + 1)
    db.close()
  })

  test('takes a piece of work whole or not at all', () => {
    const db = openDatabase(folder)
    const work = () => {
      db.exec("INSERT INTO idempotency (key, fingerprint, at) VALUES ('half', '', 0)")
      throw new Error('no further')
    }
    assert.throws(() => transact(db, work), /no further/)
    assert.equal(db.prepare('SELECT count(*) AS rows FROM idempotency').get().rows, 0)
    db.close()
  })
})
