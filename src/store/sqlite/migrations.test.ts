import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { migrate } from './migrations.ts'

const version = (db: DatabaseSync) => db.prepare('PRAGMA user_version').get()?.user_version
const tables = (db: DatabaseSync) =>
  db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
    .all()
    .map(({ name }) => name)

describe('migrations', () => {
  it('are done once each, and only those that are missing', () => {
    const db = new DatabaseSync(':memory:')
    migrate(db, ['CREATE TABLE a (x)'])
    migrate(db, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)'])
    migrate(db, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)'])
    expect([version(db), tables(db)]).toEqual([2, ['a', 'b']])
  })

  it('leave nothing of one that fails, and keep those before it', () => {
    const db = new DatabaseSync(':memory:')
    const broken = ['CREATE TABLE a (x)', 'CREATE TABLE b (x); CREATE TABLE a (x)']
    expect(() => migrate(db, broken)).toThrow(/already exists/)
    expect([version(db), tables(db), db.isTransaction]).toEqual([1, ['a'], false])
  })

  it('refuse what a later version wrote', () => {
    const db = new DatabaseSync(':memory:')
    migrate(db, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)'])
    expect(() => migrate(db, ['CREATE TABLE a (x)'])).toThrow(
      expect.objectContaining({ code: 'PLM_STORE_NEWER' }),
    )
  })
})
