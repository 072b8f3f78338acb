import { createHmac } from 'node:crypto'
import { type ClientRequest, request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { type Found, type Instant, type Job, type Key, PlimsollError } from '../kernel/index.ts'
import type { PostEnd, PostSpec } from './plan/state.ts'

export type PostDeps = {
  now(): Instant
  secrets(names: readonly string[]): Promise<Readonly<Record<string, string>>>
}

const keyPrefix = 'whsec_'

/** The bytes that a key stands for: base64 behind `whsec_`, as Standard Webhooks has it, else the text itself. */
const bytesOf = (key: string): Buffer =>
  key.startsWith(keyPrefix) ? Buffer.from(key.slice(keyPrefix.length), 'base64') : Buffer.from(key, 'utf8')

/** The signature of Standard Webhooks: `v1,` and HMAC-SHA256 of id, time in seconds and body, in base64. */
export const signatureOf = (key: string, id: string, seconds: number, body: string): string =>
  `v1,${createHmac('sha256', bytesOf(key)).update(`${id}.${seconds}.${body}`).digest('base64')}`

/** What went wrong, without the address, which may be a secret. */
function causeOf(error: unknown): string {
  const { name, code } = error as { name?: string; code?: string }
  if (name === 'AbortError' || name === 'TimeoutError') return 'no answer in time'
  return code === undefined ? 'the connection failed' : `the connection failed (${code})`
}

/** The status of the answer; what it says is nobody's concern, and where it redirects to is not followed. */
function statusOf(request: ClientRequest, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request.once('error', reject)
    request.once('response', (answer) => {
      resolve(answer.statusCode ?? 0)
      answer.once('error', () => {})
      answer.destroy()
    })
    request.end(body)
  })
}

async function post(spec: PostSpec, { now, secrets }: PostDeps): Promise<PostEnd> {
  try {
    const { url, key, id, body, timeoutMs } = spec
    const names = [key.secret, ...(typeof url === 'string' ? [] : [url.secret])]
    const values = await secrets(names)
    const address = URL.parse(typeof url === 'string' ? url : (values[url.secret] ?? '').trim())
    if (!address || !/^https?:$/.test(address.protocol))
      return { is: 'failed', because: 'its address is none that begins with https:// or http://' }
    const seconds = Math.floor(now() / 1_000)
    const send = address.protocol === 'https:' ? secure : plain
    const request = send(address, {
      method: 'POST',
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Plimsoll',
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'webhook-signature': signatureOf(values[key.secret] ?? '', id, seconds, body),
      },
    })
    return { is: 'answered', status: await statusOf(request, body) }
  } catch (error) {
    if (!(error instanceof PlimsollError)) return { is: 'failed', because: causeOf(error) }
    return { is: 'failed', because: error.problems.map(({ text }) => text).join('; ') }
  }
}

const ownerOf = (key: Key): string => key.slice(0, key.lastIndexOf('/'))

/** Tries to deliver messages, in this process: what is on its way when it dies is tried again by whoever finds nothing. */
export function createPosts(
  deps: PostDeps,
): Job<PostSpec, PostEnd> & { watch(listener: (key: Key) => void): () => void } {
  const known = new Map<Key, Found<PostEnd>>()
  const listeners = new Set<(key: Key) => void>()
  /** One try at a time for each webhook: those before are of no interest any more. */
  const forgetOlder = (key: Key) => {
    for (const other of known.keys())
      if (other !== key && ownerOf(other) === ownerOf(key)) known.delete(other)
  }
  return {
    async start(key, spec) {
      if (known.has(key)) return
      forgetOlder(key)
      known.set(key, 'running')
      void post(spec, deps).then((ended) => {
        if (known.has(key)) known.set(key, { ended })
        for (const listener of listeners) listener(key)
      })
    },
    find: async (key) => known.get(key) ?? 'absent',
    // It ends by itself within seconds.
    async cancel() {},
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
