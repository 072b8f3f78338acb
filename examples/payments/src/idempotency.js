import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { conflict, Problem } from './problem.js'

/** The same request on its way elsewhere is waited for. */
const patienceMs = 10_000
const pollMs = 20

/** Two requests are the same when their bodies are; a digest, so that no card number is kept. */
const fingerprintOf = (/** @type {string} */ body) => createHash('sha256').update(body).digest('hex')

/** Does a thing once for each key, and gives the same answer to whoever asks again, also after a restart. */
export function createIdempotency(/** @type {import('node:sqlite').DatabaseSync} */ db) {
  const claim = db.prepare('INSERT OR IGNORE INTO idempotency (key, fingerprint, at) VALUES (?, ?, ?)')
  const find = db.prepare('SELECT * FROM idempotency WHERE key = ?')
  const keep = db.prepare('UPDATE idempotency SET status = ?, body = ? WHERE key = ?')
  const drop = db.prepare('DELETE FROM idempotency WHERE key = ? AND status IS NULL')

  async function answerOf(/** @type {string} */ key, /** @type {string} */ fingerprint) {
    for (const end = Date.now() + patienceMs; Date.now() < end; await pause(pollMs)) {
      const row = find.get(key)
      if (row?.fingerprint !== fingerprint) throw new Problem(422, 'The key was used for another request')
      if (row.status !== null) return { status: row.status, body: JSON.parse(row.body) }
    }
    throw conflict('the same request is still on its way')
  }

  /**
   * @param {string | undefined} key
   * @param {string} body as it came
   * @param {() => Promise<{ status: number, body: unknown }>} work
   */
  return async function once(key, body, work) {
    if (!key) return work()
    const fingerprint = fingerprintOf(body)
    if (claim.run(key, fingerprint, Date.now()).changes === 0) return answerOf(key, fingerprint)
    try {
      const answer = await work()
      keep.run(answer.status, JSON.stringify(answer.body), key)
      return answer
    } catch (error) {
      // Nothing was done, so the key is free again.
      drop.run(key)
      throw error
    }
  }
}
