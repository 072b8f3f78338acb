import { badRequest, Problem } from './problem.js'

const largestBody = 16 * 1024

/**
 * The body as text. What is too much is read and dropped, so that the answer arrives and the connection stays of use.
 * @param {import('node:http').IncomingMessage} request
 * @throws {Problem} 413 when it is too large
 */
async function readText(request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= largestBody) chunks.push(chunk)
  }
  if (size > largestBody) throw new Problem(413, 'The request is too large')
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(/** @type {string} */ text) {
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest('the body is not JSON')
  }
}

/**
 * The body as an object; nothing counts as an empty one.
 * @param {import('node:http').IncomingMessage} request
 */
export async function readJson(request) {
  const body = parseJson((await readText(request)) || '{}')
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('the body is not a JSON object')
  return body
}

/** The path and query of a request. */
export function readUrl(/** @type {import('node:http').IncomingMessage} */ request) {
  const url = URL.parse(`http://localhost${request.url}`)
  if (!url) throw badRequest('the address is not one')
  return url
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {unknown} body
 * @param {Record<string, string>} [headers]
 */
export function sendJson(response, status, body, headers = {}) {
  const type = status >= 400 ? 'application/problem+json' : 'application/json'
  const text = JSON.stringify(body)
  const length = Buffer.byteLength(text)
  response.writeHead(status, { 'content-type': type, 'content-length': length, ...headers }).end(text)
}

/** The text format of Prometheus. */
export function sendMetrics(
  /** @type {import('node:http').ServerResponse} */ response,
  /** @type {string} */ text,
) {
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text)
}
