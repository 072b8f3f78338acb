import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ZodType } from 'zod'

const page = fileURLToPath(new URL('../../dist/web', import.meta.url))
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

/** What the API says at a path, checked against its contract: a fixture cannot drift from it. */
export type Answer = { readonly shape: ZodType; readonly body: unknown }

/** A log is plain text; where `null` is, there is never an answer. */
export type Answers = Readonly<Record<string, Answer | string | null>>

const notFound = { code: 'PLM_NOT_FOUND', message: 'not found', hint: '', problems: [] }

function tell(response: ServerResponse, answer: Answer | string | null | undefined): void {
  if (answer === null) return
  const isLog = typeof answer === 'string'
  response.writeHead(answer === undefined ? 404 : 200, {
    'content-type': isLog ? 'text/plain' : 'application/json',
  })
  const body = answer === undefined ? { schemaVersion: 1, error: notFound } : isLog ? answer : answer.body
  response.end(isLog ? body : JSON.stringify(body))
}

async function show(response: ServerResponse, path: string): Promise<void> {
  const file = path.startsWith('/assets/') ? path : '/index.html'
  const content = await readFile(join(page, file))
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' }).end(content)
}

/**
 * The built page, and a server that answers what it is told to: worlds that would take hours to bring about.
 * @param answers by path
 * @throws what does not fit its contract
 */
export async function answerWith(
  answers: Answers,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  for (const answer of Object.values(answers))
    if (typeof answer === 'object') answer?.shape.parse(answer.body)
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    if (path === '/api/events')
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    else if (path.startsWith('/api/')) tell(response, answers[path.replace(/[?].*/, '')])
    else show(response, path).catch(() => response.writeHead(404).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
