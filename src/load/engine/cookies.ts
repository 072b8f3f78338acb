type Cookie = {
  readonly name: string
  readonly value: string
  /** Host that set it, or the domain that it said. */
  readonly domain: string
  /** Sent to that host alone. */
  readonly hostOnly: boolean
  readonly path: string
  readonly secure: boolean
  /** Milliseconds since 1970. */
  readonly until: number
}

/** RFC 6265, 5.1.3. */
const isWithin = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`)

/** RFC 6265, 5.1.4: a path is below another where a segment ends. */
const isBelow = (path: string, above: string): boolean =>
  path === above || (path.startsWith(above) && (above.endsWith('/') || path[above.length] === '/'))

/** The folder of a path: what a cookie is for that does not say. */
const folderOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')))

const plain = (path: string): string => path.replace(/[?#].*$/, '')

/** The cookies of one user: what a service sets comes back where the service said (RFC 6265). */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>()

  /** Takes what an answer sets; a cookie that has expired is forgotten. */
  take(host: string, path: string, lines: readonly string[], now = Date.now()): void {
    for (const line of lines) {
      const cookie = readCookie(line, host, plain(path), now)
      if (!cookie) continue
      const key = `${cookie.name};${cookie.domain};${cookie.path}`
      if (cookie.until <= now) this.#cookies.delete(key)
      else this.#cookies.set(key, cookie)
    }
  }

  /** The value of the Cookie header; undefined when there is none to send. */
  of(host: string, path: string, secure: boolean, now = Date.now()): string | undefined {
    if (this.#cookies.size === 0) return undefined
    const at = plain(path)
    const sent = [...this.#cookies.values()].filter(
      (cookie) =>
        (cookie.hostOnly ? host === cookie.domain : isWithin(host, cookie.domain)) &&
        isBelow(at, cookie.path) &&
        (secure || !cookie.secure) &&
        cookie.until > now,
    )
    // Longer paths first, as browsers do.
    sent.sort((a, b) => b.path.length - a.path.length)
    return sent.length > 0 ? sent.map(({ name, value }) => `${name}=${value}`).join('; ') : undefined
  }
}

function readCookie(line: string, host: string, path: string, now: number): Cookie | undefined {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const at = pair.indexOf('=')
  if (at < 1) return undefined
  const said = new Map(
    attributes.map((attribute) => {
      const end = attribute.indexOf('=')
      const [name, value] = end < 0 ? [attribute, ''] : [attribute.slice(0, end), attribute.slice(end + 1)]
      return [name.trim().toLowerCase(), value.trim()] as const
    }),
  )
  const domain = said.get('domain')?.replace(/^\./, '').toLowerCase()
  // Nobody sets cookies for others.
  if (domain && !isWithin(host, domain)) return undefined
  const where = said.get('path')
  return {
    name: pair.slice(0, at),
    value: pair.slice(at + 1),
    domain: domain || host,
    hostOnly: !domain,
    path: where?.startsWith('/') ? where : folderOf(path),
    secure: said.has('secure'),
    until: untilOf(said, now),
  }
}

/** When it ends; Max-Age goes before Expires. */
function untilOf(said: ReadonlyMap<string, string>, now: number): number {
  const maxAge = said.get('max-age')
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return now + Number(maxAge) * 1_000
  const expires = Date.parse(said.get('expires') ?? '')
  return Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires
}
