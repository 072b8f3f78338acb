import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock, Instant } from '../kernel/index.ts'
import type { Journal } from '../store/index.ts'

/** A named token as it is kept: its hash, never the token itself. */
type Kept = { readonly hash: string; readonly createdAt: Instant }
export type TokenInfo = { readonly name: string; readonly createdAt: Instant }

/** Who may write: named tokens. */
export interface Tokens {
  /** @returns the new token: the only time that it is seen */
  add(name: string): Promise<string>
  remove(name: string): Promise<void>
  list(): Promise<TokenInfo[]>
  /** The name behind a token; undefined when it is none of ours. */
  nameOf(token: string): Promise<string | undefined>
}

const prefix = 'token/'
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
const equal = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'))

export function createTokens(journal: Journal, clock: Clock): Tokens {
  const kept = async () => {
    const notes = await journal.notes(prefix)
    return notes.flatMap(({ key, value }) =>
      value === null ? [] : [{ name: key.slice(prefix.length), ...(value as unknown as Kept) }],
    )
  }
  return {
    async add(name) {
      const token = `plm_${randomBytes(24).toString('base64url')}`
      await journal.setNote(`${prefix}${name}`, { hash: hashOf(token), createdAt: clock.now() })
      return token
    },
    remove: (name) => journal.setNote(`${prefix}${name}`, null),
    list: async () => (await kept()).map(({ name, createdAt }) => ({ name, createdAt })),
    async nameOf(token) {
      const hash = hashOf(token)
      return (await kept()).find((one) => equal(one.hash, hash))?.name
    },
  }
}

/** The token of an Authorization header: `Bearer TOKEN`, or Basic with the token as password, as git sends it. */
export function tokenIn(authorization: string | undefined): string | undefined {
  const [scheme, value] = authorization?.split(' ') ?? []
  if (!value) return undefined
  if (scheme?.toLowerCase() === 'bearer') return value
  if (scheme?.toLowerCase() !== 'basic') return undefined
  const decoded = Buffer.from(value, 'base64').toString('utf8')
  return decoded.slice(decoded.indexOf(':') + 1) || undefined
}
