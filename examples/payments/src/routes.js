import { authorise } from './acquirer.js'
import { readCard } from './card.js'
import { parseJson, readText, sendJson, sendText } from './http.js'
import { readOrder } from './payments.js'
import { Problem } from './problem.js'
import { search } from './search.js'

/** @typedef {{ db: any, payments: any, once: any, metrics: any, isDraining: () => boolean, version: string }} App */

/** Card first, then money: what the acquirer declines leaves nothing behind. */
async function pay(/** @type {App} */ app, /** @type {string} */ text) {
  const body = parseJson(text)
  const order = readOrder(body)
  const { number, mark } = readCard(body.card)
  if ((await authorise(number)) === 'declined')
    return { status: 402, body: new Problem(402, 'The card was declined').toJSON() }
  return { status: 201, body: app.payments.create(order, mark) }
}

async function create(/** @type {App} */ app, request, response) {
  const text = await readText(request)
  const { status, body } = await app.once(request.headers['idempotency-key'], text, () => pay(app, text))
  sendJson(response, status, body)
}

async function capture(/** @type {App} */ app, request, response, id) {
  await readText(request)
  sendJson(response, 200, app.payments.capture(id))
}

async function refund(/** @type {App} */ app, request, response, id) {
  sendJson(response, 200, app.payments.refund(id, parseJson(await readText(request)).amount))
}

function healthcheck(/** @type {App} */ app, _request, response) {
  if (app.isDraining()) throw new Problem(503, 'This instance is going away')
  app.db.prepare('SELECT 1').get()
  sendJson(response, 200, { healthy: true })
}

/** Method, path and what answers; `:id` stands for one part of the path. */
const routes = [
  ['POST', '/payments', create],
  [
    'GET',
    '/payments',
    (app, _request, response, _id, url) => sendJson(response, 200, search(app.db, url.searchParams)),
  ],
  ['GET', '/payments/:id', (app, _request, response, id) => sendJson(response, 200, app.payments.get(id))],
  ['POST', '/payments/:id/capture', capture],
  ['POST', '/payments/:id/refund', refund],
  ['GET', '/healthcheck', healthcheck],
  [
    'GET',
    '/metrics',
    (app, _request, response) => sendText(response, app.metrics.render(app.payments.countByState())),
  ],
  ['GET', '/version', (app, _request, response) => sendJson(response, 200, { version: app.version })],
]

const patterns = routes.map(([method, path, answer]) => ({
  method,
  path,
  answer,
  pattern: new RegExp(`^${path.replace(':id', '([0-9a-f-]{36})')}$`),
}))

/**
 * Finds who answers a request.
 * @throws {Problem} 404, or 405 when only the method is wrong
 */
export function findRoute(/** @type {string} */ method, /** @type {string} */ path) {
  const matching = patterns.filter(({ pattern }) => pattern.test(path))
  if (matching.length === 0) throw new Problem(404, 'There is no such thing here')
  const route = matching.find((one) => one.method === method)
  if (!route)
    throw new Problem(
      405,
      'This method is not possible here',
      `possible: ${matching.map((one) => one.method).join(', ')}`,
    )
  return { name: route.path, answer: route.answer, id: route.pattern.exec(path)?.[1] }
}
