import { badRequest } from './problem.js'

/** @typedef {{ lastFour: string, scheme: string }} CardMark what may be kept of a card */

const schemes = [
  [/^4/, 'visa'],
  [/^(5[1-5]|2[2-7])/, 'mastercard'],
  [/^3[47]/, 'amex'],
]

/** Sum of digits, every second one from the right doubled (ISO/IEC 7812). */
function passesLuhn(/** @type {string} */ number) {
  const digits = [...number].reverse().map(Number)
  const sum = digits.reduce(
    (total, digit, i) => total + (i % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)),
    0,
  )
  return sum % 10 === 0
}

/** The card is good to the end of its month. */
function isExpired(/** @type {string} */ expiry, /** @type {Date} */ now) {
  const [month, year] = expiry.split('/').map(Number)
  return new Date(Date.UTC(2000 + year, month)) <= now
}

/**
 * Checks a card as it was typed.
 * @returns {{ number: string, mark: CardMark }} the number is for the acquirer only: never log or store it
 */
export function readCard(/** @type {any} */ card, now = new Date()) {
  const number = String(card?.number ?? '').replaceAll(' ', '')
  if (!/^\d{12,19}$/.test(number) || !passesLuhn(number)) throw badRequest('card.number is not a card number')
  if (typeof card.expiry !== 'string' || !/^(0[1-9]|1[0-2])\/\d\d$/.test(card.expiry))
    throw badRequest('card.expiry is not a month such as 09/30')
  if (isExpired(card.expiry, now)) throw badRequest('card.expiry has passed')
  if (typeof card.cvc !== 'string' || !/^\d{3,4}$/.test(card.cvc))
    throw badRequest('card.cvc is not three or four digits')
  const scheme = schemes.find(([pattern]) => pattern.test(number))?.[1] ?? 'other'
  return { number, mark: { lastFour: number.slice(-4), scheme } }
}
