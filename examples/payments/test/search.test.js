import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openDatabase, transact } from '../src/database.js'
import { createPayments } from '../src/payments.js'
import { buildSearch, search } from '../src/search.js'
import { dropFolder, newFolder } from '../support/service.js'

const folder = newFolder()
let db
const find = (query) => search(db, new URLSearchParams(query))
const references = (page) => page.payments.map(({ reference }) => reference)

/** Nine payments, three of each reference, three of each moment, all ways of pairing the two. */
function fill() {
  const payments = createPayments(db)
  const age = db.prepare('UPDATE payment SET created_at = ? WHERE id = ?')
  for (let i = 0; i < 9; i++) {
    const order = { amount: 100 + i, currency: 'GBP', reference: `order-${i % 3}`, description: '' }
    const { id } = payments.create(order, { lastFour: '4242', scheme: 'visa' })
    age.run(Date.parse(`2026-0${1 + Math.floor(i / 3)}-01T00:00:00Z`), id)
    if (i === 4) payments.capture(id)
  }
}

before(() => {
  db = openDatabase(folder)
  transact(db, fill)
})
after(() => {
  db.close()
  dropFolder(folder)
})

describe('searching', () => {
  test('goes through all pages, newest first, each payment once', () => {
    const seen = []
    let page = find('limit=2')
    for (; page.next; page = find(`limit=2&cursor=${page.next}`)) {
      assert.equal(page.payments.length, 2)
      seen.push(...page.payments)
    }
    seen.push(...page.payments)
    const times = seen.map(({ createdAt }) => createdAt)
    assert.deepEqual(times, times.toSorted().toReversed())
    assert.equal(new Set(seen.map(({ id }) => id)).size, 9)
  })

  test('finds by reference, state and time', () => {
    assert.deepEqual(references(find('reference=order-1')), ['order-1', 'order-1', 'order-1'])
    assert.equal(find('state=captured').payments[0].amount, 104)
    assert.equal(find('state=captured').payments.length, 1)
    assert.equal(find('from=2026-02-01').payments.length, 6)
    assert.equal(find('from=2026-02-01&to=2026-03-01').payments.length, 3)
    assert.deepEqual(references(find('reference=order-2&to=2026-02-01')), ['order-2'])
    assert.deepEqual(find('reference=nobody'), { payments: [] })
  })

  for (const [query, how] of [
    ['', /^SCAN payment USING INDEX payment_by_age$/],
    ['reference=a', /^SEARCH payment USING INDEX payment_by_reference \(reference=\?\)$/],
    ['state=captured', /^SEARCH payment USING INDEX payment_by_state \(state=\?\)$/],
    ['from=2026-01-01', /^SEARCH payment USING INDEX payment_by_age \(created_at>\?\)$/],
    ['reference=a&from=2026-01-01', /^SEARCH .* payment_by_reference \(reference=\? AND created_at>\?\)$/],
    [
      `cursor=${Buffer.from('1 a').toString('base64url')}`,
      /^SEARCH .* payment_by_age \(\(created_at,id\)<\(/,
    ],
  ])
    test(`goes straight to what it wants, in order, by an index: ${query || 'all'}`, () => {
      const { sql, values } = buildSearch(new URLSearchParams(query))
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values)
      // A second line would be a sort.
      assert.equal(plan.length, 1)
      assert.match(plan[0].detail, how)
    })

  for (const query of ['limit=0', 'limit=101', 'limit=x', 'from=yesterday', 'state=lost', 'cursor=nonsense'])
    test(`refuses what it does not understand: ${query}`, () =>
      assert.throws(() => find(query), { status: 400 }))
})
