import { openDatabase, transact } from '../src/database.js'

/** As many payments as a quiet week: what is slow with them is slow in production. */
const payments = 20_000
const perReference = 4
const weekMs = 7 * 86_400_000

const insertSql = `
  INSERT INTO payment (id, state, amount, currency, reference, description, last_four, scheme, created_at)
  VALUES (?, 'authorised', ?, 'GBP', ?, 'seeded', '4242', 'visa', ?)`

const db = openDatabase(process.env.DATA_DIR ?? 'data')
const insert = db.prepare(insertSql)
const now = Date.now()
transact(db, () => {
  for (let n = 0; n < payments; n++)
    insert.run(
      `seed-${n}`,
      100 + (n % 9_900),
      `order-${n % (payments / perReference)}`,
      now - Math.floor((weekMs * n) / payments),
    )
})
db.close()
