import { createParser } from 'eventsource-parser'
import type { z } from 'zod'
import { type EventView, errorView, eventView } from '../contract/index.ts'
import { type ErrorCode, errorTable, PlimsollError } from '../kernel/index.ts'

export type ClientOptions = {
  readonly server: string
  readonly token: string | undefined
  /** Where the command was called; absolute. */
  readonly folder: string
}

/** The API as the command line uses it. */
export interface Client {
  /** Where the command was called: its service is meant when several are there and none is named. */
  readonly folder: string
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>
  send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body: unknown, shape: z.ZodType<T>): Promise<T>
  /** Bytes as they come, until the other side ends them or `signal` aborts. */
  stream(path: string, signal?: AbortSignal): AsyncIterable<Uint8Array>
  events(signal: AbortSignal): AsyncIterable<EventView>
}

const notOurs = (url: string): string =>
  `what answers at ${url} is no Plimsoll server, or one of another version`

async function toError(response: Response): Promise<PlimsollError> {
  const parsed = errorView.safeParse(await response.json().catch(() => undefined))
  if (!parsed.success)
    return new PlimsollError(
      'PLM_SERVER_UNREACHABLE',
      `${notOurs(response.url)} (HTTP status ${response.status})`,
    )
  const { code, problems } = parsed.data.error
  const known: ErrorCode = code in errorTable ? (code as ErrorCode) : 'PLM_INTERNAL'
  return new PlimsollError(known, problems.map(withoutUndefined))
}

/** zod's optional fields may be undefined; a Problem's may only be absent. */
const withoutUndefined = (problem: {
  text: string
  at?: string | undefined
  place?: string | undefined
  didYouMean?: string | undefined
}) => ({
  text: problem.text,
  ...(problem.at === undefined ? {} : { at: problem.at }),
  ...(problem.place === undefined ? {} : { place: problem.place }),
  ...(problem.didYouMean === undefined ? {} : { didYouMean: problem.didYouMean }),
})

export function createClient({ server, token, folder }: ClientOptions): Client {
  const headers = (extra: Record<string, string> = {}): Record<string, string> => ({
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...extra,
  })

  const unreachable = (text: string, cause: unknown) =>
    new PlimsollError('PLM_SERVER_UNREACHABLE', text, { cause })

  async function ask(path: string, init: RequestInit): Promise<Response> {
    let response: Response
    try {
      response = await fetch(new URL(path, server), init)
    } catch (error) {
      if (init.signal?.aborted) throw error
      throw unreachable(`nothing answers at ${server}`, error)
    }
    if (!response.ok) throw await toError(response)
    return response
  }

  /** A server that dies while it answers was not reached either. */
  async function answerOf(response: Response): Promise<string> {
    return response.text().catch((error: unknown) => {
      throw unreachable(`${server} broke off its answer`, error)
    })
  }

  /** What answers may be another program, or another version of Plimsoll. */
  async function read<T>(response: Response, shape: z.ZodType<T>): Promise<T> {
    const answer = await answerOf(response)
    try {
      return shape.parse(JSON.parse(answer))
    } catch (error) {
      throw unreachable(notOurs(response.url), error)
    }
  }

  async function* stream(path: string, signal?: AbortSignal, accept = '*/*'): AsyncGenerator<Uint8Array> {
    const response = await ask(path, { headers: headers({ accept }), ...(signal ? { signal } : {}) })
    if (response.body) yield* response.body
  }

  return {
    folder,
    get: async (path, shape) => read(await ask(path, { headers: headers() }), shape),
    async send(method, path, body, shape) {
      const init = {
        method,
        headers: headers({ 'content-type': 'application/json' }),
        body: JSON.stringify(body),
      }
      return read(await ask(path, init), shape)
    },
    stream: (path, signal) => stream(path, signal),
    async *events(signal) {
      const ready: EventView[] = []
      const parser = createParser({ onEvent: (event) => ready.push(eventView.parse(JSON.parse(event.data))) })
      const decoder = new TextDecoder()
      for await (const bytes of stream('/api/events', signal, 'text/event-stream')) {
        parser.feed(decoder.decode(bytes, { stream: true }))
        yield* ready.splice(0)
      }
    },
  }
}
