import { badRequest } from './problem.js'

/** Pence; above it a person must agree. */
const largestAmount = 1_000_000
const currencies = new Set(['GBP', 'EUR'])

/** @typedef {{ amount: number, currency: string, reference: string, description: string }} Order */

/** A whole number of pence. */
export function readAmount(/** @type {unknown} */ amount) {
  if (!Number.isInteger(amount) || amount < 1 || amount > largestAmount)
    throw badRequest(`amount is not a whole number of pence from 1 to ${largestAmount}`)
  return amount
}

/**
 * Checks what is asked for, apart from the card.
 * @returns {Order}
 */
export function readOrder({ amount, currency, reference, description = '' }) {
  readAmount(amount)
  if (!currencies.has(currency)) throw badRequest(`currency is not one of ${[...currencies].join(', ')}`)
  if (typeof reference !== 'string' || !/^[\w./-]{1,64}$/.test(reference))
    throw badRequest('reference is not 1 to 64 letters, digits, or any of . / - _')
  if (typeof description !== 'string' || description.length > 255)
    throw badRequest('description is not a text of at most 255 characters')
  return { amount, currency, reference, description }
}
