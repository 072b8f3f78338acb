import { createServer } from 'node:http'
import { sendJson } from './http.js'
import { Problem } from './problem.js'
import { findRoute } from './routes.js'

/** One line of JSON; nothing of a request's body ever gets here. */
export const log = (/** @type {Record<string, unknown>} */ fields) =>
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...fields })}\n`)

function fail(/** @type {import('node:http').ServerResponse} */ response, /** @type {unknown} */ error) {
  const problem = error instanceof Problem ? error : new Problem(500, 'Something went wrong here')
  if (problem.status === 500) log({ level: 'error', error: String(error) })
  if (!response.headersSent) sendJson(response, problem.status, problem)
}

/** The service as an HTTP server; `app` is what the routes need. */
export function createHttpServer(/** @type {import('./routes.js').App} */ app) {
  const server = createServer(async (request, response) => {
    const began = performance.now()
    const url = new URL(request.url ?? '/', 'http://localhost')
    let route = 'none'
    // While going away, each answer asks its client to come back on another connection.
    if (app.isDraining()) response.setHeader('connection', 'close')
    response.once('close', () => {
      const seconds = (performance.now() - began) / 1000
      app.metrics.observe(route, response.statusCode, seconds)
      // A connection that was busy when the going away began is idle now.
      if (app.isDraining()) setImmediate(() => server.closeIdleConnections())
      log({ method: request.method, route, status: response.statusCode, ms: Math.round(seconds * 1000) })
    })
    try {
      const found = findRoute(request.method ?? 'GET', url.pathname)
      route = found.name
      await found.answer(app, request, response, found.id, url)
    } catch (error) {
      fail(response, error)
    }
  })
  return server
}
