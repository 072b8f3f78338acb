import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { transact } from './database.js'
import { badRequest, conflict, Problem } from './problem.js'

const keptMs = 24 * 3_600_000
/** After it, an instance that took a request on is taken to have died with it. */
const leaseMs = 10_000
/** The same request on its way elsewhere is waited for; longer than the lease, so that nobody waits in vain. */
const patienceMs = leaseMs + 2_000
const pollMs = 20

const claimSql = `
  INSERT INTO idempotency (key, fingerprint, at) VALUES ($key, $fingerprint, $at)
  ON CONFLICT (key) DO UPDATE SET at = excluded.at
    WHERE status IS NULL AND fingerprint = excluded.fingerprint AND at < $lapsed`
const keepSql =
  'UPDATE idempotency SET status = $status, body = $body WHERE key = $key AND at = $at AND status IS NULL'
const dropSql = 'DELETE FROM idempotency WHERE key = ? AND at = ? AND status IS NULL'

/** Two requests are the same when what they ask for is. */
const fingerprintOf = (/** @type {unknown} */ asked) =>
  createHash('sha256').update(JSON.stringify(asked)).digest('hex')

/**
 * @typedef {{ status: number, body: unknown }} Answer
 * @typedef {() => Promise<() => Answer>} Work does what is outside the database, then returns what to do within
 */

/**
 * Does a thing once for each key, and gives the same answer to whoever asks again, also after a restart.
 * @param {import('node:sqlite').DatabaseSync} db
 */
export function createIdempotency(db) {
  const claim = db.prepare(claimSql)
  const find = db.prepare('SELECT * FROM idempotency WHERE key = ?')
  const keep = db.prepare(keepSql)
  const drop = db.prepare(dropSql)
  const forget = db.prepare('DELETE FROM idempotency WHERE at < ?')

  /** The payment and its answer are committed together: there is never one without the other. */
  function record(/** @type {string} */ key, /** @type {number} */ at, /** @type {() => Answer} */ write) {
    return transact(db, () => {
      const { status, body } = write()
      const { changes } = keep.run({ key, at, status, body: JSON.stringify(body) })
      if (changes === 0) throw conflict('this took so long that another instance has taken it on')
      forget.run(at - keptMs)
      return { status, body }
    })
  }

  async function perform(/** @type {string} */ key, /** @type {number} */ at, /** @type {Work} */ work) {
    try {
      return record(key, at, await work())
    } catch (error) {
      // Nothing was done, so the key is free again.
      drop.run(key, at)
      throw error
    }
  }

  function recall(/** @type {string} */ key, /** @type {string} */ fingerprint) {
    const row = find.get(key)
    if (row && row.fingerprint !== fingerprint) throw new Problem(422, 'The key was used for another request')
    return row?.status ? { status: row.status, body: JSON.parse(row.body) } : undefined
  }

  /**
   * @param {string | undefined} key without one the thing is simply done
   * @param {unknown} asked what may be kept of the request: a card's number or CVC not even as a digest, since whoever
   *   has the table could try them all
   * @param {Work} work
   * @returns {Promise<Answer>}
   */
  return async function once(key, asked, work) {
    if (key === undefined) return transact(db, await work())
    if (!/^[!-~]{1,255}$/.test(key)) throw badRequest('Idempotency-Key is not 1 to 255 visible characters')
    const fingerprint = fingerprintOf(asked)
    for (const end = Date.now() + patienceMs; Date.now() < end; await pause(pollMs)) {
      const at = Date.now()
      if (claim.run({ key, fingerprint, at, lapsed: at - leaseMs }).changes > 0) return perform(key, at, work)
      const answer = recall(key, fingerprint)
      if (answer) return answer
    }
    throw conflict('the same request is still on its way')
  }
}
