import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Clock, type Instant, nearest, PlimsollError } from '../kernel/index.ts'
import type { Journal } from '../store/index.ts'

/** A named token as it is kept: its hash, never the token itself. */
type Kept = { readonly hash: string; readonly createdAt: Instant; readonly role?: TokenRole }
/** What whoever has it may do: everything, or only tell that jobs run. */
export type TokenRole = 'everything' | 'heartbeats'
export type TokenInfo = { readonly name: string; readonly createdAt: Instant; readonly role: TokenRole }

/** Who may write: named tokens. */
export interface Tokens {
  /**
   * @returns the new token: the only time that it is seen
   * @throws PLM_USAGE for a name that has one: whoever uses that would be shut out unseen
   */
  add(name: string, role?: TokenRole): Promise<string>
  /** @throws PLM_NOT_FOUND, and PLM_USAGE for the last one that may do everything */
  remove(name: string): Promise<void>
  list(): Promise<TokenInfo[]>
  /** The name behind a token, and what it may do; undefined when it is none of ours. */
  find(token: string): Promise<Pick<TokenInfo, 'name' | 'role'> | undefined>
}

const prefix = 'token/'
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
const equal = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'))

/** A slip of the pen must not read like a token that is gone, nor lock everybody out. */
function mayGo(name: string, all: readonly TokenInfo[]): void {
  if (!all.some((one) => one.name === name)) {
    const names = all.map((one) => one.name)
    const meant = nearest(name, names)
    const text = `there is no token ${name}; there is ${names.join(', ') || 'none'}`
    throw new PlimsollError('PLM_NOT_FOUND', [{ text, ...(meant ? { didYouMean: meant } : {}) }])
  }
  if (!all.some((one) => one.name !== name && one.role === 'everything'))
    throw new PlimsollError(
      'PLM_USAGE',
      `${name} is the last token that may do everything: make another before it goes`,
    )
}

export function createTokens(journal: Journal, clock: Clock): Tokens {
  const kept = async () => {
    const notes = await journal.notes(prefix)
    return notes.flatMap(({ key, value }) =>
      value === null ? [] : [{ name: key.slice(prefix.length), ...(value as unknown as Kept) }],
    )
  }
  const list = async (): Promise<TokenInfo[]> =>
    (await kept()).map(({ name, createdAt, role = 'everything' }) => ({ name, createdAt, role }))
  return {
    list,
    async add(name, role = 'everything') {
      if ((await kept()).some((one) => one.name === name))
        throw new PlimsollError('PLM_USAGE', `there is a token ${name} already; remove it first`)
      const token = `plm_${randomBytes(24).toString('base64url')}`
      await journal.setNote(`${prefix}${name}`, { hash: hashOf(token), createdAt: clock.now(), role })
      return token
    },
    async remove(name) {
      mayGo(name, await list())
      await journal.setNote(`${prefix}${name}`, null)
    },
    async find(token) {
      const hash = hashOf(token)
      const found = (await kept()).find((one) => equal(one.hash, hash))
      return found && { name: found.name, role: found.role ?? 'everything' }
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
