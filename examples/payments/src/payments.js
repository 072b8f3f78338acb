import { randomUUID } from 'node:crypto'
import { transact } from './database.js'
import { badRequest, conflict, notFound } from './problem.js'

/** Pence; above it a person must agree. */
const largestAmount = 1_000_000
const currencies = new Set(['GBP', 'EUR'])

const present = (/** @type {any} */ row) => ({
  id: row.id,
  state: row.state,
  amount: row.amount,
  captured: row.captured,
  refunded: row.refunded,
  currency: row.currency,
  reference: row.reference,
  description: row.description,
  card: { lastFour: row.last_four, scheme: row.scheme },
  createdAt: new Date(row.created_at).toISOString(),
})

/** Checks what is asked for, apart from the card. */
export function readOrder(/** @type {any} */ body) {
  const { amount, currency, reference, description = '' } = body ?? {}
  if (!Number.isInteger(amount) || amount < 1 || amount > largestAmount)
    throw badRequest(`amount is not a whole number of pence from 1 to ${largestAmount}`)
  if (!currencies.has(currency)) throw badRequest(`currency is not one of ${[...currencies].join(', ')}`)
  if (typeof reference !== 'string' || !/^[\w./-]{1,64}$/.test(reference))
    throw badRequest('reference is not 1 to 64 letters, digits, or any of . / - _')
  if (typeof description !== 'string' || description.length > 255)
    throw badRequest('description is longer than 255 characters')
  return { amount, currency, reference, description }
}

function readAmount(/** @type {any} */ amount, /** @type {number} */ most) {
  if (!Number.isInteger(amount) || amount < 1) throw badRequest('amount is not a whole number of pence')
  if (amount > most) throw conflict(`${amount} is more than the ${most} that are left`)
  return amount
}

/** Payments and their ledger: each movement of money is two entries that sum to zero. */
export function createPayments(/** @type {import('node:sqlite').DatabaseSync} */ db) {
  const insert = db.prepare(
    `INSERT INTO payment (id, state, amount, currency, reference, description, last_four, scheme, created_at)
     VALUES (?, 'authorised', ?, ?, ?, ?, ?, ?, ?)`,
  )
  const find = db.prepare('SELECT * FROM payment WHERE id = ?')
  const capture = db.prepare("UPDATE payment SET state = 'captured', captured = amount WHERE id = ?")
  const refund = db.prepare("UPDATE payment SET state = 'refunded', refunded = refunded + ? WHERE id = ?")
  const enter = db.prepare('INSERT INTO entry (payment, account, amount, at) VALUES (?, ?, ?, ?)')
  const states = db.prepare('SELECT state, count(*) AS count FROM payment GROUP BY state')

  function move(
    /** @type {string} */ id,
    /** @type {string} */ from,
    /** @type {string} */ to,
    /** @type {number} */ amount,
  ) {
    const at = Date.now()
    enter.run(id, from, -amount, at)
    enter.run(id, to, amount, at)
  }

  function get(/** @type {string} */ id) {
    const row = find.get(id)
    if (!row) throw notFound()
    return row
  }

  return {
    create(
      /** @type {ReturnType<typeof readOrder>} */ order,
      /** @type {import('./card.js').CardMark} */ card,
    ) {
      const id = randomUUID()
      insert.run(
        id,
        order.amount,
        order.currency,
        order.reference,
        order.description,
        card.lastFour,
        card.scheme,
        Date.now(),
      )
      return present(get(id))
    },
    capture: (/** @type {string} */ id) =>
      transact(db, () => {
        const { state, amount } = get(id)
        if (state !== 'authorised') throw conflict(`a payment that is ${state} cannot be captured`)
        capture.run(id)
        move(id, 'customer', 'merchant', amount)
        return present(get(id))
      }),
    refund: (/** @type {string} */ id, /** @type {any} */ wanted) =>
      transact(db, () => {
        const { captured, refunded } = get(id)
        const amount = readAmount(wanted, captured - refunded)
        refund.run(amount, id)
        move(id, 'merchant', 'customer', amount)
        return present(get(id))
      }),
    get: (/** @type {string} */ id) => present(get(id)),
    countByState: () => states.all(),
  }
}

export { present }
