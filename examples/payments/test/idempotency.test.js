import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  declinedCard,
  dropFolder,
  newFolder,
  openAside,
  order,
  startService,
  until,
} from '../support/service.js'

const folder = newFolder()
let service
before(async () => {
  service = await startService(folder)
})
after(async () => {
  assert.equal(await service.stop(), 0)
  dropFolder(folder)
})

const pay = (key, more, one = service) =>
  one.ask('POST', '/payments', order(more), { 'idempotency-key': key })
const found = async (reference) =>
  (await service.ask('GET', `/payments?reference=${reference}`)).body.payments

function query(sql) {
  const db = openAside(folder)
  try {
    return db.prepare(sql).all()
  } finally {
    db.close()
  }
}

describe('the same request twice', () => {
  test('is done once, also at the same time, from another instance, and after a restart', async () => {
    await using other = await startService(folder)
    const answers = await Promise.all(
      [service, other, service, other].map((one) => pay('twice', { reference: 'once' }, one)),
    )
    assert.equal(await other.stop(), 0)
    await using restarted = await startService(folder)
    answers.push(await pay('twice', { reference: 'once' }, restarted))
    assert.equal(await restarted.stop(), 0)
    for (const { status, body } of answers) assert.deepEqual([status, body], [201, answers[0].body])
    assert.equal((await found('once')).length, 1)
  })

  test('is declined once, too', async () => {
    const answers = [await pay('no', { card: declinedCard }), await pay('no', { card: declinedCard })]
    assert.deepEqual(
      answers.map(({ status }) => status),
      [402, 402],
    )
    assert.deepEqual(answers[0].body, answers[1].body)
  })

  test('moves money once', async () => {
    const { id } = (await pay('paid')).body
    const ask = (what, amount) =>
      service.ask('POST', `/payments/${id}/${what}`, { amount }, { 'idempotency-key': what })
    assert.equal((await ask('capture')).status, 200)
    assert.equal((await ask('capture')).status, 200)
    const refunds = await Promise.all([ask('refund', 100), ask('refund', 100)])
    for (const { status, body } of refunds) assert.deepEqual([status, body.refunded], [200, 100])
    assert.equal((await ask('refund', 101)).status, 422)
    assert.equal((await service.ask('GET', `/payments/${id}`)).body.refunded, 100)
  })

  test('is done by another when the first to take it on has died', async () => {
    await using doomed = await startService(folder, { ACQUIRER_MS: '5000' })
    const asked = assert.rejects(pay('died', { reference: 'died' }, doomed))
    await until(() => query("SELECT * FROM idempotency WHERE key = 'died'").length === 1)
    doomed.signal('SIGKILL')
    await asked
    assert.deepEqual(await found('died'), [])
    const later = openAside(folder)
    later.exec("UPDATE idempotency SET at = at - 60000 WHERE key = 'died'")
    later.close()
    assert.equal((await pay('died', { reference: 'not-died' })).status, 422)
    assert.equal((await pay('died', { reference: 'died' })).status, 201)
    assert.equal((await found('died')).length, 1)
  })
})

describe('a key', () => {
  test('is for one request', async () => {
    await pay('taken', { reference: 'first' })
    assert.equal((await pay('taken', { reference: 'second' })).status, 422)
    assert.equal((await pay('taken', { reference: 'first', card: declinedCard })).status, 422)
    assert.deepEqual(await found('second'), [])
  })

  test('is free again when its request was refused', async () => {
    assert.equal((await pay('refused', { amount: -1 })).status, 400)
    assert.equal((await pay('refused')).status, 201)
  })

  test('is free again when its request was not possible then', async () => {
    const { id } = (await pay('early')).body
    const refund = () =>
      service.ask('POST', `/payments/${id}/refund`, { amount: 5 }, { 'idempotency-key': 'early-refund' })
    assert.equal((await refund()).status, 409)
    assert.deepEqual(query("SELECT key FROM idempotency WHERE key = 'early-refund'"), [])
    await service.ask('POST', `/payments/${id}/capture`)
    assert.equal((await refund()).status, 200)
  })

  test('is refused when it is longer than it may be', async () => {
    assert.equal((await pay('x'.repeat(256))).status, 400)
  })

  test('is forgotten after a day', async () => {
    await pay('old')
    const later = openAside(folder)
    later.exec("UPDATE idempotency SET at = at - 25 * 3600000 WHERE key = 'old'")
    later.close()
    await pay('new')
    assert.deepEqual(
      query("SELECT key FROM idempotency WHERE key IN ('old', 'new')").map(({ key }) => key),
      ['new'],
    )
  })
})
