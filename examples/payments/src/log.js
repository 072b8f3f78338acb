/** One line of JSON; nothing of a request's body ever gets here. */
export const log = (/** @type {Record<string, unknown>} */ fields) =>
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), level: 'info', ...fields })}\n`)
