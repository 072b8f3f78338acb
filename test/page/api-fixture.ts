import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { EventView } from '../../src/contract/index.ts'
import { errorTable } from '../../src/kernel/index.ts'

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
}

/** The token that the fixture takes. */
export const goodToken = 'plm_a-good-token'

/** A log that grows while it is read. */
export type LogFixture = { text: string; open: boolean }

type Write = { readonly method: string; readonly path: string; readonly body: unknown }

/** The API in memory, and the built page: what a page is shown is set here, and may change while it looks. */
export interface ApiFixture {
  readonly address: string
  /** Path of the API → what it answers. */
  readonly views: Map<string, unknown>
  /** Path of a log → its text. */
  readonly logs: Map<string, LogFixture>
  readonly writes: Write[]
  /** How many times each log was asked for. */
  readonly asked: Map<string, number>
  /** Says that something has changed. */
  tell(event: Partial<EventView>): void
  /** Adds to a log, and ends it if told so. */
  print(path: string, text: string, end?: boolean): void
  /** Ends every stream of events, and takes no new ones until called with true. */
  hear(heard: boolean): void
  close(): Promise<void>
}

const json = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

const failure = (code: 'PLM_NOT_FOUND' | 'PLM_TOKEN_WRONG') => ({
  schemaVersion: 1,
  error: { code, message: errorTable[code].message, hint: errorTable[code].hint, problems: [] },
})

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const piece of request) text += piece
  return JSON.parse(text)
}

async function sendFile(folder: string, path: string, response: ServerResponse): Promise<void> {
  const name = extname(path) ? path : 'index.html'
  const content = await readFile(join(folder, name)).catch(() => undefined)
  if (content) response.writeHead(200, { 'content-type': types[extname(name)] ?? 'text/plain' }).end(content)
  else response.writeHead(404).end()
}

class Fixture implements ApiFixture {
  readonly views = new Map<string, unknown>()
  readonly logs = new Map<string, LogFixture>()
  readonly writes: Write[] = []
  readonly asked = new Map<string, number>()
  address = ''
  readonly #folder: string
  readonly #server: Server
  readonly #listeners = new Set<ServerResponse>()
  readonly #readers = new Map<string, Set<ServerResponse>>()
  #heard = true
  #seq = 0

  constructor(folder: string) {
    this.#folder = folder
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.address = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://page').pathname
    if (!path.startsWith('/api/')) return sendFile(this.#folder, path, response)
    if (path === '/api/events') return this.#listen(response)
    if (request.method !== 'GET') return this.#write(request, path, response)
    if (this.logs.has(path)) return this.#read(path, response)
    const view = this.views.get(path)
    return view ? json(response, 200, view) : json(response, 404, failure('PLM_NOT_FOUND'))
  }

  #listen(response: ServerResponse): void {
    if (!this.#heard) return void response.writeHead(503).end()
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n')
    this.#listeners.add(response)
    response.on('close', () => this.#listeners.delete(response))
  }

  async #write(request: IncomingMessage, path: string, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    if (request.headers.authorization !== `Bearer ${goodToken}`)
      return json(response, 401, failure('PLM_TOKEN_WRONG'))
    this.writes.push({ method: request.method ?? '', path, body })
    json(response, 200, { schemaVersion: 1, deployment: 'payments/production/10' })
  }

  #read(path: string, response: ServerResponse): void {
    const log = this.logs.get(path)
    this.asked.set(path, (this.asked.get(path) ?? 0) + 1)
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).write(log?.text ?? '')
    if (!log?.open) return void response.end()
    const readers = this.#readers.get(path) ?? new Set()
    this.#readers.set(path, readers.add(response))
    response.on('close', () => readers.delete(response))
  }

  tell(event: Partial<EventView>): void {
    this.#seq += 1
    const whole = { seq: this.#seq, at: 0, type: 'changed', kind: 'deployment', id: '', ...event }
    for (const one of this.#listeners) one.write(`id: ${this.#seq}\ndata: ${JSON.stringify(whole)}\n\n`)
  }

  print(path: string, text: string, end = false): void {
    const log = this.logs.get(path) ?? { text: '', open: true }
    this.logs.set(path, { text: log.text + text, open: !end })
    for (const one of this.#readers.get(path) ?? []) {
      one.write(text)
      if (end) one.end()
    }
  }

  hear(heard: boolean): void {
    this.#heard = heard
    if (!heard) for (const one of this.#listeners) one.destroy()
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** Serves the page that was built into `folder`. */
export const serveFixture = (folder: string): Promise<ApiFixture> => new Fixture(folder).listen()
