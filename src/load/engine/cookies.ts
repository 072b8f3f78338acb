type Cookie = { readonly value: string; readonly path: string; readonly secure: boolean }

/** Cookies of one user, host by host: what a service sets comes back to the same host, below the path it is for. */
export class CookieJar {
  readonly #hosts = new Map<string, Map<string, Cookie>>()

  /** Takes what an answer sets; a cookie that has expired is forgotten. */
  take(host: string, lines: readonly string[]): void {
    for (const line of lines) this.#takeOne(host, line)
  }

  /** The value of the Cookie header; undefined when there is none to send. */
  of(host: string, path: string, secure: boolean): string | undefined {
    const cookies = this.#hosts.get(host)
    if (!cookies) return undefined
    const sent = [...cookies]
      .filter(([, cookie]) => path.startsWith(cookie.path) && (secure || !cookie.secure))
      .map(([name, { value }]) => `${name}=${value}`)
    return sent.length > 0 ? sent.join('; ') : undefined
  }

  #takeOne(host: string, line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const at = pair.indexOf('=')
    if (at < 1) return
    const said = new Map(
      attributes.map((attribute) => {
        const [name = '', value = ''] = attribute.split('=', 2)
        return [name.toLowerCase(), value] as const
      }),
    )
    const cookies = this.#hosts.get(host) ?? new Map<string, Cookie>()
    this.#hosts.set(host, cookies)
    const name = pair.slice(0, at)
    if (hasExpired(said)) cookies.delete(name)
    else
      cookies.set(name, {
        value: pair.slice(at + 1),
        path: said.get('path') || '/',
        secure: said.has('secure'),
      })
  }
}

function hasExpired(said: ReadonlyMap<string, string>): boolean {
  const maxAge = said.get('max-age')
  if (maxAge !== undefined) return Number(maxAge) <= 0
  const expires = said.get('expires')
  return expires !== undefined && Date.parse(expires) <= Date.now()
}
