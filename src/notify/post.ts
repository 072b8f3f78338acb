import { type Found, type Instant, type Job, type Key, PlimsollError } from '../kernel/index.ts'
import { postByMail } from './mail.ts'
import type { PostEnd, PostSpec } from './plan/state.ts'
import { postOverHttp } from './requests.ts'

export type PostDeps = {
  now(): Instant
  secrets(names: readonly string[]): Promise<Readonly<Record<string, string>>>
  /** Whose certificates mail servers may have, when not those that Node.js trusts. */
  readonly ca?: string
}

/** Names of all secrets in a value. */
function secretsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  if ('secret' in value && typeof value.secret === 'string') return [value.secret]
  return Object.values(value).flatMap(secretsIn)
}

/** What went wrong, without the address, which may be a secret. */
function causeOf(error: unknown): string {
  const { name, code } = error as { name?: string; code?: string }
  if (name === 'AbortError' || name === 'TimeoutError') return 'no answer in time'
  return code === undefined ? 'the connection failed' : `the connection failed (${code})`
}

async function post(spec: PostSpec, { now, secrets, ca }: PostDeps): Promise<PostEnd> {
  try {
    const values = await secrets(secretsIn(spec))
    return await (spec.kind === 'email' ? postByMail(spec, values, ca) : postOverHttp(spec, values, now))
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
  /** One try at a time for each notifier: those before are of no interest any more. */
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
