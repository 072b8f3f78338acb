import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { buildSearch } from '../src/search.js'
import { dropFolder, goodCard, newFolder, order, startService } from '../support/service.js'

const folder = newFolder()
let service
before(async () => {
  service = await startService(folder)
})
after(async () => {
  assert.equal(await service.stop(), 0)
  dropFolder(folder)
})

const pay = (more, key) =>
  service.ask('POST', '/payments', order(more), key ? { 'idempotency-key': key } : {})

describe('a payment', () => {
  test('is authorised, captured and refunded in parts, never beyond what was captured', async () => {
    const { status, body } = await pay()
    assert.equal(status, 201)
    assert.deepEqual(
      [body.state, body.amount, body.card],
      ['authorised', 1250, { lastFour: '4242', scheme: 'visa' }],
    )
    assert.equal((await service.ask('POST', `/payments/${body.id}/refund`, { amount: 1 })).status, 409)
    assert.equal((await service.ask('POST', `/payments/${body.id}/capture`)).body.captured, 1250)
    assert.equal((await service.ask('POST', `/payments/${body.id}/capture`)).status, 409)
    assert.equal(
      (await service.ask('POST', `/payments/${body.id}/refund`, { amount: 1000 })).body.refunded,
      1000,
    )
    assert.equal((await service.ask('POST', `/payments/${body.id}/refund`, { amount: 251 })).status, 409)
    assert.equal((await service.ask('GET', `/payments/${body.id}`)).body.refunded, 1000)
  })

  test('with a card that its bank declines leaves nothing behind', async () => {
    const { status, body } = await pay({
      card: { ...goodCard, number: '4000000000000002' },
      reference: 'declined',
    })
    assert.deepEqual([status, body.title], [402, 'The card was declined'])
    assert.deepEqual((await service.ask('GET', '/payments?reference=declined')).body.payments, [])
  })

  const wrong = {
    'a number that is none': { card: { ...goodCard, number: '4242424242424241' } },
    'a card that has expired': { card: { ...goodCard, expiry: '01/20' } },
    'half a penny': { amount: 0.5 },
    nothing: { amount: 0 },
    'too much': { amount: 1_000_001 },
    'another currency': { currency: 'XXX' },
    'no reference': { reference: '' },
  }
  for (const [name, more] of Object.entries(wrong))
    test(`is refused: ${name}`, async () => assert.equal((await pay(more)).status, 400))
})

describe('the same request twice', () => {
  test('is done once, also at the same time, and from another instance', async () => {
    const other = await startService(folder)
    const ask = (one) =>
      one.ask('POST', '/payments', order({ reference: 'once' }), { 'idempotency-key': 'k1' })
    const answers = await Promise.all([ask(service), ask(other), ask(service), ask(other)])
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1)
    assert.ok(answers.every(({ status }) => status === 201))
    assert.equal(await other.stop(), 0)
    assert.equal((await ask(service)).body.id, answers[0].body.id)
    assert.equal((await service.ask('GET', '/payments?reference=once')).body.payments.length, 1)
  })

  test('is refused when it is not the same', async () => {
    await pay({ reference: 'first' }, 'k2')
    assert.equal((await pay({ reference: 'second' }, 'k2')).status, 422)
  })

  test('may be corrected after it was refused', async () => {
    assert.equal((await pay({ amount: -1 }, 'k3')).status, 400)
    assert.equal((await pay({}, 'k3')).status, 201)
  })
})

describe('searching', () => {
  test('goes through all pages, newest first, each payment once', async () => {
    for (let i = 0; i < 7; i++) await pay({ reference: 'pages', amount: 100 + i })
    const seen = []
    for (let cursor = ''; ; ) {
      const { body } = await service.ask('GET', `/payments?reference=pages&limit=3${cursor}`)
      seen.push(...body.payments.map(({ amount }) => amount))
      if (!body.next) break
      cursor = `&cursor=${body.next}`
    }
    assert.deepEqual(
      seen.toSorted((a, b) => b - a),
      [106, 105, 104, 103, 102, 101, 100],
    )
  })

  test('uses an index, whatever is asked for', () => {
    const db = new DatabaseSync(join(folder, 'payments.db'), { readOnly: true })
    for (const query of [
      '',
      'reference=a',
      'state=captured',
      'from=2026-01-01',
      'reference=a&from=2026-01-01',
    ]) {
      const { sql, values } = buildSearch(new URLSearchParams(query))
      const plan = db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...values)
        .map(({ detail }) => detail)
        .join('; ')
      assert.match(plan, /USING INDEX payment_by_/, query)
      assert.doesNotMatch(plan, /TEMP B-TREE/, query)
    }
    db.close()
  })

  test('refuses what it does not understand', async () => {
    for (const query of ['limit=0', 'limit=x', 'from=yesterday', 'cursor=nonsense'])
      assert.equal((await service.ask('GET', `/payments?${query}`)).status, 400, query)
  })
})

describe('the service', () => {
  test('answers with problem documents', async () => {
    assert.equal((await service.ask('POST', '/payments', '{')).status, 400)
    assert.equal((await service.ask('POST', '/payments', 'x'.repeat(20_000))).status, 413)
    assert.equal((await service.ask('GET', '/nothing')).status, 404)
    assert.deepEqual((await service.ask('DELETE', '/payments')).body, {
      type: 'about:blank',
      title: 'This method is not possible here',
      status: 405,
      detail: 'possible: POST, GET',
    })
  })

  test('has a ledger that sums to zero for every payment', () => {
    const db = new DatabaseSync(join(folder, 'payments.db'), { readOnly: true })
    const rows = db
      .prepare('SELECT payment, sum(amount) AS sum, count(*) AS entries FROM entry GROUP BY payment')
      .all()
    assert.ok(rows.length > 0)
    assert.ok(rows.every(({ sum, entries }) => sum === 0 && entries % 2 === 0))
    db.close()
  })

  test('counts for Prometheus', async () => {
    const { body } = await service.ask('GET', '/metrics')
    assert.match(body, /http_requests_total\{route="\/payments",status="201"\} \d+/)
    assert.match(body, /payments\{state="authorised"\} \d+/)
  })

  test('keeps no card number anywhere', () => {
    const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'))
    for (const text of [service.output(), ...files])
      assert.doesNotMatch(text, /4242 ?4242 ?4242|4000000000000002/)
  })

  test('answers what has come before it goes', async () => {
    const other = await startService(folder, { ACQUIRER_MS: '400' })
    const paying = Array.from({ length: 5 }, (_, i) =>
      other.ask('POST', '/payments', order({ reference: `last-${i}` })),
    )
    await new Promise((resolve) => setTimeout(resolve, 150))
    other.signal('SIGTERM')
    const answers = await Promise.all(paying)
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201, 201, 201],
    )
    assert.equal(await other.ended, 0)
    await assert.rejects(other.ask('GET', '/healthcheck'))
  })
})
