import { authorise } from './acquirer.js'
import { readCard } from './card.js'
import { readJson, sendJson, sendMetrics } from './http.js'
import { readAmount, readOrder } from './order.js'
import { Problem } from './problem.js'
import { search } from './search.js'

/**
 * What the routes need.
 * @typedef {object} App
 * @property {import('node:sqlite').DatabaseSync} db
 * @property {ReturnType<typeof import('./payments.js').createPayments>} payments
 * @property {ReturnType<typeof import('./idempotency.js').createIdempotency>} once
 * @property {ReturnType<typeof import('./metrics.js').createMetrics>} metrics
 * @property {ReturnType<typeof import('./departure.js').createDeparture>} departure
 * @property {string} version
 *
 * @typedef {object} Call one request and where its answer goes
 * @property {import('node:http').IncomingMessage} request
 * @property {import('node:http').ServerResponse} response
 * @property {string} [id] of the payment in the path
 * @property {URL} url
 */

const declined = () => ({ status: 402, body: new Problem(402, 'The card was declined') })

/** Does what a request asks for, once for each idempotency key. */
async function answerOnce(
  /** @type {App} */ app,
  /** @type {Call} */ { request, response, url },
  /** @type {unknown} */ asked,
  /** @type {import('./idempotency.js').Work} */ work,
) {
  const key = request.headers['idempotency-key']
  const { status, body } = await app.once(key, [url.pathname, asked], work)
  sendJson(response, status, body)
}

/** Card first, then money: what the acquirer declines leaves nothing behind. */
async function create(/** @type {App} */ app, /** @type {Call} */ call) {
  const body = await readJson(call.request)
  const order = readOrder(body)
  const { number, mark } = readCard(body.card)
  await answerOnce(app, call, { order, mark }, async () => {
    if ((await authorise(number)) === 'declined') return declined
    return () => ({ status: 201, body: app.payments.create(order, mark) })
  })
}

async function capture(/** @type {App} */ app, /** @type {Call} */ call) {
  await readJson(call.request)
  const write = () => ({ status: 200, body: app.payments.capture(call.id) })
  await answerOnce(app, call, {}, async () => write)
}

async function refund(/** @type {App} */ app, /** @type {Call} */ call) {
  const body = await readJson(call.request)
  const amount = readAmount(body.amount)
  const write = () => ({ status: 200, body: app.payments.refund(call.id, amount) })
  await answerOnce(app, call, { amount }, async () => write)
}

const find = (/** @type {App} */ app, /** @type {Call} */ { response, url }) =>
  sendJson(response, 200, search(app.db, url.searchParams))

const show = (/** @type {App} */ app, /** @type {Call} */ { response, id }) =>
  sendJson(response, 200, app.payments.get(id))

const unwell = (/** @type {string} */ detail) => new Problem(503, 'This instance cannot serve', detail)

function healthcheck(/** @type {App} */ app, /** @type {Call} */ { response }) {
  if (app.departure.hasBegun()) throw unwell('it is going away')
  try {
    app.db.prepare('SELECT 1 FROM payment LIMIT 1').get()
  } catch {
    throw unwell('its database does not answer')
  }
  sendJson(response, 200, { healthy: true })
}

const metrics = (/** @type {App} */ app, /** @type {Call} */ { response }) =>
  sendMetrics(response, app.metrics.render(app.payments.countByState()))

const version = (/** @type {App} */ app, /** @type {Call} */ { response }) =>
  sendJson(response, 200, { version: app.version })

/** Method, path and what answers; `:id` stands for one part of the path. */
export const routes = [
  { method: 'POST', path: '/payments', answer: create },
  { method: 'GET', path: '/payments', answer: find },
  { method: 'GET', path: '/payments/:id', answer: show },
  { method: 'POST', path: '/payments/:id/capture', answer: capture },
  { method: 'POST', path: '/payments/:id/refund', answer: refund },
  { method: 'GET', path: '/healthcheck', answer: healthcheck },
  { method: 'GET', path: '/metrics', answer: metrics },
  { method: 'GET', path: '/version', answer: version },
]
