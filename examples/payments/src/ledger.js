/**
 * Every movement of money is two entries that sum to zero. Call it within a transaction.
 * @param {import('node:sqlite').DatabaseSync} db
 */
export function createLedger(db) {
  const enter = db.prepare('INSERT INTO entry (payment, account, amount, at) VALUES (?, ?, ?, ?)')
  const sums = db.prepare(
    `SELECT total(amount) AS all_accounts, total(amount) FILTER (WHERE account = 'merchant') AS merchant
     FROM entry WHERE payment = ?`,
  )

  return {
    /** @param {{ payment: string, from: string, to: string, amount: number }} movement amount in pence */
    move({ payment, from, to, amount }) {
      const at = Date.now()
      enter.run(payment, from, -amount, at)
      enter.run(payment, to, amount, at)
    },

    /** @throws when the ledger and the payment tell different stories; the transaction must not be committed then */
    check({ id, captured, refunded }) {
      const { all_accounts: sum, merchant } = sums.get(id)
      if (sum !== 0 || merchant !== captured - refunded)
        throw new Error(`the ledger of payment ${id} does not agree with it`)
    },
  }
}
