const blanksAround = /^[\t ]+|[\t ]+$/g

/** What the head of an answer says of how its body ends, and of the connection. */
export type HeadFacts = {
  readonly status: number
  /** Another request may be sent on this connection, unless the body ends with it. */
  readonly keepAlive: boolean
  /** Of Content-Length; -1 when it does not say. */
  readonly length: number
  readonly isChunked: boolean
  readonly setsCookies: boolean
}

/** The head of an answer, whole and sound. Its fields are put into a map when they are asked for: mostly they never are. */
export class Head implements HeadFacts {
  readonly bytes: Buffer
  readonly status: number
  readonly keepAlive: boolean
  readonly length: number
  readonly isChunked: boolean
  readonly setsCookies: boolean
  #headers: ReadonlyMap<string, string> | undefined
  #fields: readonly string[] | undefined

  /** @param bytes its own, with the empty line at the end */
  constructor(bytes: Buffer, { status, keepAlive, length, isChunked, setsCookies }: HeadFacts) {
    this.bytes = bytes
    this.status = status
    this.keepAlive = keepAlive
    this.length = length
    this.isChunked = isChunked
    this.setsCookies = setsCookies
  }

  /** Names in lower case; what is said more than once is put together. */
  get headers(): ReadonlyMap<string, string> {
    this.#headers ??= this.#readHeaders()
    return this.#headers
  }

  /** Each for itself: a cookie's end may have a comma in it. */
  get setCookies(): readonly string[] {
    if (!this.setsCookies) return []
    const { fields } = this
    return fields.filter((_, i) => i % 2 === 1 && fields[i - 1]?.toLowerCase() === 'set-cookie')
  }

  /** What the status line says behind the status. */
  get reason(): string {
    return this.bytes.toString('latin1', 13, this.bytes.indexOf('\r'))
  }

  /** Names, as they were written, and values in turn. */
  get fields(): readonly string[] {
    this.#fields ??= this.#readFields()
    return this.#fields
  }

  #readHeaders(): ReadonlyMap<string, string> {
    const headers = new Map<string, string>()
    const { fields } = this
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const [name, value] = [(fields[i] as string).toLowerCase(), fields[i + 1] as string]
      const before = headers.get(name)
      headers.set(name, before === undefined ? value : `${before}, ${value}`)
    }
    return headers
  }

  #readFields(): readonly string[] {
    const lines = this.bytes.toString('latin1').split('\r\n').slice(1, -2)
    return lines.flatMap((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).replace(blanksAround, '')]
    })
  }
}
