import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { type Json, PlimsollError } from '../kernel/index.ts'

/** The engine understood what was asked, and will not or cannot do it. */
export class EngineRefusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.name = 'EngineRefusal'
    this.status = status
  }
}

/** One call of the engine's HTTP API. */
export type EngineCall = {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Without a version: the engine answers in its own. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: Json | AsyncIterable<Uint8Array>
  readonly signal?: AbortSignal
  /** The engine says nothing for so long: it hangs. None for what streams. */
  readonly silenceMs?: number
}

const usualSocket = '/var/run/docker.sock'

/**
 * The socket of this machine's engine: that of DOCKER_HOST, or the usual one.
 * @throws PLM_ENGINE_UNREACHABLE when DOCKER_HOST names no socket of this machine
 */
export function socketFrom(env: NodeJS.ProcessEnv): string {
  const host = env.DOCKER_HOST
  if (!host) return usualSocket
  if (host.startsWith('unix://')) return host.slice('unix://'.length)
  throw new PlimsollError('PLM_ENGINE_UNREACHABLE', [
    { at: 'DOCKER_HOST', text: `${host} is no socket of this machine, expected unix://PATH` },
  ])
}

const unreachable = (socket: string, error: NodeJS.ErrnoException): PlimsollError =>
  new PlimsollError('PLM_ENGINE_UNREACHABLE', `${socket}: ${error.code ?? error.message}`, { cause: error })

function pathOf({ path, query = {} }: EngineCall): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return given.length === 0 ? path : `${path}?${given.join('&')}`
}

const isStream = (body: EngineCall['body']): body is AsyncIterable<Uint8Array> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body

async function send(asked: ClientRequest, body: EngineCall['body']): Promise<void> {
  if (isStream(body)) await pipeline(body, asked)
  else asked.end(body === undefined ? undefined : JSON.stringify(body))
}

const typeOf = (body: EngineCall['body']): Record<string, string> =>
  body === undefined ? {} : { 'Content-Type': isStream(body) ? 'application/x-tar' : 'application/json' }

/** Sends a call; gives the answer's head, its body still to be read. */
function open(socketPath: string, call: EngineCall): Promise<IncomingMessage> {
  const { method = 'GET', body, signal, silenceMs } = call
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath,
        method,
        path: pathOf(call),
        headers: { Host: 'engine', ...typeOf(body) },
        agent: false,
        ...(signal ? { signal } : {}),
        ...(silenceMs === undefined ? {} : { timeout: silenceMs }),
      },
      resolve,
    )
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${silenceMs} ms`)))
    asked.on('error', (error) => reject(signal?.aborted ? error : unreachable(socketPath, error)))
    send(asked, body).catch((error: Error) => asked.destroy(error))
  })
}

async function textOf(answer: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function messageIn(text: string, status: number): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    if (typeof message === 'string') return message
  } catch {
    // Not every refusal is JSON.
  }
  return text.trim() || `the engine answered ${status}`
}

/**
 * The body of the answer as it comes.
 * @throws PLM_ENGINE_UNREACHABLE when nobody answers; EngineRefusal for 4xx and 5xx
 */
export async function streamFrom(socketPath: string, call: EngineCall): Promise<AsyncIterable<Uint8Array>> {
  const answer = await open(socketPath, call)
  const status = answer.statusCode ?? 500
  if (status >= 400) throw new EngineRefusal(status, messageIn(await textOf(answer), status))
  return answer
}

/** For what the engine answers at once. */
export const patienceMs = 60_000

/**
 * The answer, read whole; undefined when it is empty.
 * @throws as streamFrom
 */
export async function askEngine(socketPath: string, call: EngineCall): Promise<unknown> {
  const text = await textOf(await streamFrom(socketPath, { silenceMs: patienceMs, ...call }))
  return text === '' ? undefined : JSON.parse(text)
}
