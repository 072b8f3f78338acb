import { readUrl, sendJson } from './http.js'
import { log } from './log.js'
import { Problem } from './problem.js'
import { findRoute } from './router.js'

/** Stands in logs and metrics for a request whose client went before its answer; never sent. */
const brokenOff = 499

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {unknown} error
 */
function fail(request, response, error) {
  // Nobody is left to be told when the client has broken off.
  if (response.destroyed) return
  const problem = error instanceof Problem ? error : new Problem(500, 'Something went wrong here')
  if (problem.status === 500) log({ level: 'error', method: request.method, error: String(error) })
  if (!response.headersSent) sendJson(response, problem.status, problem, problem.headers)
}

/** Counts and logs a request when it is over; `seen.route` is known by then. */
function watch(/** @type {import('./routes.js').App} */ app, request, response, seen) {
  const began = performance.now()
  app.metrics.begin()
  response.once('close', () => {
    const seconds = (performance.now() - began) / 1000
    const status = response.writableFinished ? response.statusCode : brokenOff
    app.metrics.end(seen.route, status, seconds)
    log({ method: request.method, route: seen.route, status, ms: Math.round(seconds * 1000) })
  })
}

/**
 * Answers what a server hears.
 * @param {import('node:http').Server} server
 * @param {import('./routes.js').App} app
 */
export function serve(server, app) {
  async function answer(request, response) {
    const seen = { route: 'none' }
    watch(app, request, response, seen)
    try {
      const url = readUrl(request)
      const route = findRoute(request.method, url.pathname)
      seen.route = route.name
      await route.answer(app, { request, response, id: route.id, url })
    } catch (error) {
      fail(request, response, error)
    }
  }

  server.on('request', (request, response) => app.departure.track(response, answer(request, response)))
}
