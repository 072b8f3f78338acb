import { present } from './present.js'
import { badRequest } from './problem.js'

const mostRows = 100
const states = new Set(['authorised', 'captured', 'refunded'])

const toCursor = (/** @type {any} */ row) => Buffer.from(`${row.created_at} ${row.id}`).toString('base64url')

function fromCursor(/** @type {string} */ cursor) {
  const [at, id] = Buffer.from(cursor, 'base64url').toString().split(' ')
  if (!id || !Number.isInteger(Number(at))) throw badRequest('cursor is not one that was given out')
  return [Number(at), id]
}

function readDate(/** @type {string} */ name, /** @type {string} */ text) {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw badRequest(`${name} is not a date such as 2026-03-12T09:30:00Z`)
  return at
}

function readState(/** @type {string} */ text) {
  if (!states.has(text)) throw badRequest(`state is not one of ${[...states].join(', ')}`)
  return text
}

function readLimit(/** @type {string | null} */ text) {
  const limit = Number(text ?? 20)
  if (!Number.isInteger(limit) || limit < 1 || limit > mostRows)
    throw badRequest(`limit is not a number from 1 to ${mostRows}`)
  return limit
}

/** Each filter: its condition, and what stands for it. */
const filters = {
  reference: ['reference = ?', (/** @type {string} */ text) => [text]],
  state: ['state = ?', (/** @type {string} */ text) => [readState(text)]],
  from: ['created_at >= ?', (/** @type {string} */ text) => [readDate('from', text)]],
  to: ['created_at < ?', (/** @type {string} */ text) => [readDate('to', text)]],
  cursor: ['(created_at, id) < (?, ?)', fromCursor],
}

/** The statement for a search and what fills it in. */
export function buildSearch(/** @type {URLSearchParams} */ query) {
  const used = Object.entries(filters).filter(([name]) => query.has(name))
  const where = used.length > 0 ? `WHERE ${used.map(([, [condition]]) => condition).join(' AND ')}` : ''
  const values = used.flatMap(([name, [, read]]) => read(query.get(name) ?? ''))
  const limit = readLimit(query.get('limit'))
  // One row more than asked for tells whether there is another page.
  return {
    sql: `SELECT * FROM payment ${where} ORDER BY created_at DESC, id DESC LIMIT ?`,
    values: [...values, limit + 1],
    limit,
  }
}

/** A page of payments, newest first, and the cursor of the next. */
export function search(
  /** @type {import('node:sqlite').DatabaseSync} */ db,
  /** @type {URLSearchParams} */ query,
) {
  const { sql, values, limit } = buildSearch(query)
  const rows = db.prepare(sql).all(...values)
  const page = rows.slice(0, limit)
  return { payments: page.map(present), ...(rows.length > limit ? { next: toCursor(page.at(-1)) } : {}) }
}
