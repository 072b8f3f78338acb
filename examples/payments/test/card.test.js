import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readCard } from '../src/card.js'

const card = { number: '4242 4242 4242 4242', expiry: '09/30', cvc: '123' }
const inJune = new Date('2026-06-15T12:00:00Z')

describe('a card', () => {
  test('leaves its last four digits and its scheme', () => {
    assert.deepEqual(readCard(card, inJune), {
      number: '4242424242424242',
      mark: { lastFour: '4242', scheme: 'visa' },
    })
  })

  for (const [number, scheme] of [
    ['5555555555554444', 'mastercard'],
    ['2223003122003222', 'mastercard'],
    ['378282246310005', 'amex'],
    ['6011111111111117', 'other'],
  ])
    test(`${number} is ${scheme}`, () =>
      assert.equal(readCard({ ...card, number }, inJune).mark.scheme, scheme))

  test('is good to the last moment of its month', () => {
    const expiring = { ...card, expiry: '06/26' }
    assert.ok(readCard(expiring, new Date('2026-06-30T23:59:59.999Z')))
    assert.throws(() => readCard(expiring, new Date('2026-07-01T00:00:00Z')), /has passed/)
  })

  const wrong = {
    'a digit is wrong': { number: '4242424242424241' },
    'two digits are swapped': { number: '4242424242422442' },
    'it is too short': { number: '42' },
    'it has letters': { number: '4242abcd42424242' },
    'there is no such month': { expiry: '13/30' },
    'the expiry is no text': { expiry: ['09/30'] },
    'the CVC is too short': { cvc: '12' },
    'the CVC is missing': { cvc: undefined },
  }
  for (const [name, more] of Object.entries(wrong))
    test(`is refused when ${name}`, () =>
      assert.throws(() => readCard({ ...card, ...more }, inJune), { status: 400 }))

  test('is refused when there is none, and never told back', () => {
    assert.throws(() => readCard(null, inJune), { status: 400 })
    assert.throws(
      () => readCard({ ...card, number: '4242424242424241' }, inJune),
      (error) => !/\d{4}/.test(error.message),
    )
  })
})
