import { randomUUID } from 'node:crypto'
import { createLedger } from './ledger.js'
import { present } from './present.js'
import { conflict, notFound } from './problem.js'

const insertSql = `
  INSERT INTO payment (id, state, amount, currency, reference, description, last_four, scheme, created_at)
  VALUES ($id, 'authorised', $amount, $currency, $reference, $description, $lastFour, $scheme, $at)`
const captureSql = "UPDATE payment SET state = 'captured', captured = amount WHERE id = ?"
const refundSql = `
  UPDATE payment SET refunded = refunded + $amount,
    state = iif(refunded + $amount = captured, 'refunded', state)
  WHERE id = $id`

/**
 * Payments and the movements of their money. `create`, `capture` and `refund` are called within a transaction.
 * @param {import('node:sqlite').DatabaseSync} db
 */
export function createPayments(db) {
  const ledger = createLedger(db)
  const insert = db.prepare(insertSql)
  const find = db.prepare('SELECT * FROM payment WHERE id = ?')
  const capture = db.prepare(captureSql)
  const refund = db.prepare(refundSql)
  const states = db.prepare('SELECT state, count(*) AS count FROM payment GROUP BY state')

  function get(/** @type {string} */ id) {
    const row = find.get(id)
    if (!row) throw notFound()
    return row
  }

  /** The payment after its money has moved. */
  function settled(/** @type {string} */ id) {
    const row = get(id)
    ledger.check(row)
    return present(row)
  }

  return {
    /**
     * @param {import('./order.js').Order} order
     * @param {import('./card.js').CardMark} card
     */
    create(order, card) {
      const id = randomUUID()
      insert.run({ id, ...order, ...card, at: Date.now() })
      return settled(id)
    },

    capture(/** @type {string} */ id) {
      const { state, amount } = get(id)
      if (state !== 'authorised') throw conflict(`a payment that is ${state} cannot be captured`)
      capture.run(id)
      ledger.move({ payment: id, from: 'customer', to: 'merchant', amount })
      return settled(id)
    },

    refund(/** @type {string} */ id, /** @type {number} */ amount) {
      const { captured, refunded } = get(id)
      const left = captured - refunded
      if (amount > left) throw conflict(`${amount} is more than the ${left} that can be refunded`)
      refund.run({ id, amount })
      ledger.move({ payment: id, from: 'merchant', to: 'customer', amount })
      return settled(id)
    },

    get: (/** @type {string} */ id) => present(get(id)),
    countByState: () => states.all(),
  }
}
