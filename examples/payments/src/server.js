import { createServer } from 'node:http'
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
 * The service over HTTP.
 * @param {import('./routes.js').App} app
 */
export function createHttpServer(app) {
  /** @type {Set<Promise<void>>} what is being dealt with, also when its client has gone meanwhile */
  const working = new Set()

  async function answer(request, response) {
    const seen = { route: 'none' }
    watch(app, request, response, seen)
    // While going away, each answer asks its client to come back on another connection.
    if (app.isDraining()) response.setHeader('connection', 'close')
    try {
      const url = readUrl(request)
      const route = findRoute(request.method, url.pathname)
      seen.route = route.name
      await route.answer(app, { request, response, id: route.id, url })
    } catch (error) {
      fail(request, response, error)
    }
  }

  const server = createServer((request, response) => {
    const work = answer(request, response).finally(() => working.delete(work))
    working.add(work)
    response.once('close', () => {
      // A connection that was busy when the going away began is idle now.
      if (app.isDraining()) setImmediate(() => server.closeIdleConnections())
    })
  })

  return {
    server,
    /** Takes no new connection; resolves when everything that came has been dealt with. */
    async drain() {
      await new Promise((resolve) => server.close(resolve))
      await Promise.all(working)
    },
  }
}
