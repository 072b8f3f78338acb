import { setTimeout as pause } from 'node:timers/promises'

/** Cards that the simulated acquirer treats in its own way. */
const declined = new Set(['4000000000000002'])
const slow = new Map([['4000000000003220', 1_500]])
const usualMs = Number(process.env.ACQUIRER_MS ?? 5)

/**
 * Asks the card's bank. A stand-in for a card scheme, with its latency; a real one would be given the idempotency key
 * too, since a request is asked again when the instance that asked first died.
 * @returns {Promise<'authorised' | 'declined'>}
 */
export async function authorise(/** @type {string} */ number) {
  await pause(slow.get(number) ?? usualMs)
  return declined.has(number) ? 'declined' : 'authorised'
}
