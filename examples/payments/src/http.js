import { badRequest, Problem } from './problem.js'

const largestBody = 16 * 1024

/** The body as text. @throws {Problem} 413 when it is too large */
export async function readText(/** @type {import('node:http').IncomingMessage} */ request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > largestBody) throw new Problem(413, 'The request is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export function parseJson(/** @type {string} */ text) {
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    throw badRequest('the body is not JSON')
  }
}

export function sendJson(
  /** @type {import('node:http').ServerResponse} */ response,
  /** @type {number} */ status,
  /** @type {unknown} */ body,
) {
  const type = status >= 400 ? 'application/problem+json' : 'application/json'
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text)
}

export function sendText(
  /** @type {import('node:http').ServerResponse} */ response,
  /** @type {string} */ text,
) {
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text)
}
