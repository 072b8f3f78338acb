/** A payment as its customer sees it. */
export const present = (/** @type {any} */ row) => ({
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
