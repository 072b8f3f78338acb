import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { declinedCard, dropFolder, newFolder, openAside, order, startService } from '../support/service.js'

const folder = newFolder()
let service
before(async () => {
  service = await startService(folder)
})
after(async () => {
  assert.equal(await service.stop(), 0)
  dropFolder(folder)
})

const pay = (more) => service.ask('POST', '/payments', order(more))
const capture = (id) => service.ask('POST', `/payments/${id}/capture`)
const refund = (id, amount) => service.ask('POST', `/payments/${id}/refund`, { amount })

async function capturedPayment() {
  const { id } = (await pay()).body
  assert.equal((await capture(id)).status, 200)
  return id
}

describe('a payment', () => {
  test('is authorised', async () => {
    const { status, body } = await pay({ description: 'A garden gnome' })
    const { id, createdAt, ...rest } = body
    assert.equal(status, 201)
    assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 60_000)
    assert.deepEqual(rest, {
      state: 'authorised',
      amount: 1250,
      captured: 0,
      refunded: 0,
      currency: 'GBP',
      reference: 'order-1',
      description: 'A garden gnome',
      card: { lastFour: '4242', scheme: 'visa' },
    })
    assert.deepEqual((await service.ask('GET', `/payments/${id}`)).body, body)
  })

  test('is captured once', async () => {
    const { id } = (await pay()).body
    const { state, captured } = (await capture(id)).body
    assert.deepEqual([state, captured], ['captured', 1250])
    assert.equal((await capture(id)).status, 409)
  })

  test('is refunded in parts, and never beyond what was captured', async () => {
    const id = await capturedPayment()
    const first = (await refund(id, 1000)).body
    assert.deepEqual([first.state, first.refunded], ['captured', 1000])
    assert.equal((await refund(id, 251)).status, 409)
    const last = (await refund(id, 250)).body
    assert.deepEqual([last.state, last.refunded], ['refunded', 1250])
    assert.equal((await refund(id, 1)).status, 409)
  })

  test('is not refunded twice by two who ask at the same time', async () => {
    await using other = await startService(folder)
    const id = await capturedPayment()
    const ask = (one) => one.ask('POST', `/payments/${id}/refund`, { amount: 1000 })
    const answers = await Promise.all([ask(service), ask(other), ask(service), ask(other)])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409, 409, 409])
    assert.equal(await other.stop(), 0)
  })

  test('cannot be refunded before it is captured', async () => {
    const { id } = (await pay()).body
    assert.equal((await refund(id, 1)).status, 409)
  })

  test('with a card that its bank declines leaves nothing behind', async () => {
    const { status, body } = await pay({ card: declinedCard, reference: 'declined' })
    assert.deepEqual([status, body.title], [402, 'The card was declined'])
    assert.deepEqual((await service.ask('GET', '/payments?reference=declined')).body.payments, [])
  })

  const wrong = {
    'half a penny': { amount: 0.5 },
    nothing: { amount: 0 },
    'too much': { amount: 1_000_001 },
    'a text for an amount': { amount: '1250' },
    'another currency': { currency: 'XXX' },
    'no reference': { reference: '' },
    'no card': { card: null },
    'a very long description': { description: 'x'.repeat(256) },
  }
  for (const [name, more] of Object.entries(wrong))
    test(`is refused: ${name}`, async () => assert.equal((await pay(more)).status, 400))
})

describe('the ledger', () => {
  test('sums to zero for every payment, and tells what the merchant has', async () => {
    const id = await capturedPayment()
    await refund(id, 400)
    const db = openAside(folder)
    const sums = db.prepare('SELECT sum(amount) AS sum FROM entry GROUP BY payment').all()
    const merchant = db
      .prepare("SELECT sum(amount) AS has FROM entry WHERE payment = ? AND account = 'merchant'")
      .get(id)
    db.close()
    assert.ok(sums.length > 0)
    assert.ok(sums.every(({ sum }) => sum === 0))
    assert.equal(merchant.has, 850)
  })

  test('stops a movement when it does not add up', async () => {
    const id = await capturedPayment()
    const db = openAside(folder)
    db.prepare("INSERT INTO entry (payment, account, amount, at) VALUES (?, 'merchant', 1, 0)").run(id)
    const { status, body } = await refund(id, 10)
    const { entries } = db.prepare('SELECT count(*) AS entries FROM entry WHERE payment = ?').get(id)
    db.close()
    assert.deepEqual([status, body.detail], [500, 'Something went wrong here'])
    assert.equal(entries, 3)
    assert.equal((await service.ask('GET', `/payments/${id}`)).body.refunded, 0)
  })

  test('cannot be changed, only added to', async () => {
    await capturedPayment()
    const db = openAside(folder)
    assert.throws(() => db.exec('UPDATE entry SET amount = 0'), /only added to/)
    assert.throws(() => db.exec('DELETE FROM entry'), /only added to/)
    db.close()
  })
})

test('no card number and no CVC is kept or logged', async () => {
  await pay()
  await pay({ card: declinedCard })
  await pay({ card: { number: '4242424242424241', expiry: '12/40', cvc: '9173' } })
  const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'))
  assert.ok(files.some((text) => text.includes('order-1')))
  for (const text of files) assert.doesNotMatch(text, /4242 ?4242 ?4242|4000000000000002|"cvc"/)
  assert.match(service.output(), /"route":"\/payments","status":201/)
  assert.doesNotMatch(service.output(), /4242|4000000000000002|9173/)
})
