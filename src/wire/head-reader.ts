import { Head, type HeadFacts } from './head.ts'

const [tab, lf, cr, space, colon, del] = [9, 10, 13, 32, 58, 127]

const isTokenByte = new Uint8Array(256)
for (const char of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
  isTokenByte[char.charCodeAt(0)] = 1

const isBlank = (byte: number | undefined): boolean => byte === space || byte === tab

/** Whether the bytes from..to are a word, whatever its case. `word` is in lower case. */
function isWord(bytes: Buffer, from: number, to: number, word: string): boolean {
  if (to - from !== word.length) return false
  for (let i = 0; i < word.length; i++) {
    const byte = bytes[from + i] as number
    const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte
    if (lower !== word.charCodeAt(i)) return false
  }
  return true
}

/** Reads the heads of answers, each in one go. Strict, as Node.js's own parser is. */
export class HeadReader implements HeadFacts {
  status = 0
  length = -1
  isChunked = false
  setsCookies = false
  /** After -1, in words. */
  error = ''
  #isOver = false
  #isOldVersion = false
  #transferSaid = false
  #close = false
  #keepAliveSaid = false

  /** HTTP/1.0 keeps a connection only when it says so, HTTP/1.1 unless it says otherwise. */
  get keepAlive(): boolean {
    return this.#isOldVersion ? this.#keepAliveSaid : !this.#close
  }

  /** @returns where the head ends; 0: it is not whole yet; -1: it failed */
  read(bytes: Buffer, from: number, limit: number): number {
    this.status = 0
    this.length = -1
    this.isChunked = false
    this.setsCookies = false
    this.error = ''
    this.#isOver = false
    this.#transferSaid = false
    this.#close = false
    this.#keepAliveSaid = false
    let at = this.#statusLine(bytes, from, limit)
    while (at > 0 && !this.#isOver) at = this.#line(bytes, at, limit)
    return at
  }

  /** The head that was read. */
  head(bytes: Buffer, from: number, to: number): Head {
    const own = Buffer.allocUnsafe(to - from)
    bytes.copy(own, 0, from, to)
    return new Head(own, this)
  }

  #bad(because: string): -1 {
    this.error = because
    return -1
  }

  #refuse(because: string): false {
    this.error = because
    return false
  }

  /** Reads one line behind the first. @returns where the next begins; 0: it is not whole yet; -1: it failed */
  #line(bytes: Buffer, from: number, limit: number): number {
    if (from >= limit) return 0
    if (bytes[from] !== cr) return this.#headerLine(bytes, from, limit)
    if (from + 1 >= limit) return 0
    if (bytes[from + 1] !== lf) return this.#bad('a line that does not end in CR LF')
    this.#isOver = true
    return from + 2
  }

  #statusLine(bytes: Buffer, from: number, limit: number): number {
    const prefix = 'HTTP/1.'
    for (let i = 0; i < prefix.length && from + i < limit; i++)
      if (bytes[from + i] !== prefix.charCodeAt(i)) return this.#bad('this is not an answer of HTTP/1')
    const end = this.#lineEnd(bytes, from, limit, true)
    if (end <= 0) return end
    const minor = bytes[from + 7] as number
    const digit = (i: number) => (bytes[from + i] as number) - 48
    const status = digit(9) * 100 + digit(10) * 10 + digit(11)
    const isNumber = [9, 10, 11].every((i) => digit(i) >= 0 && digit(i) <= 9)
    const after = bytes[from + 12]
    if ((minor !== 48 && minor !== 49) || bytes[from + 8] !== space || end - from < 12 || !isNumber)
      return this.#bad('a status line that is none')
    if (after !== space && end - from > 12) return this.#bad('a status line that is none')
    this.status = status
    this.#isOldVersion = minor === 48
    return end + 2
  }

  /** Where the CR of a line stands. @returns 0: it is not whole yet; -1: it failed */
  #lineEnd(bytes: Buffer, from: number, limit: number, isReason: boolean): number {
    for (let i = from; i < limit; i++) {
      const byte = bytes[i] as number
      if (byte >= space ? byte !== del : byte === tab) continue
      if (isReason && byte !== cr && byte !== lf) continue
      return this.#endAt(bytes, i, limit)
    }
    return 0
  }

  /** Whether what is no text at `at` is the end of a line. @returns as `#lineEnd` */
  #endAt(bytes: Buffer, at: number, limit: number): number {
    const byte = bytes[at]
    if (byte !== cr)
      return this.#bad(byte === lf ? 'a line that does not end in CR LF' : 'a control character')
    if (at + 1 >= limit) return 0
    return bytes[at + 1] === lf ? at : this.#bad('a line that does not end in CR LF')
  }

  #headerLine(bytes: Buffer, from: number, limit: number): number {
    let at = from
    while (at < limit && isTokenByte[bytes[at] as number]) at++
    if (at >= limit) return 0
    if (bytes[at] !== colon || at === from) return this.#bad('a header line without a name and a colon')
    const nameEnd = at
    const end = this.#lineEnd(bytes, at + 1, limit, false)
    if (end <= 0) return end
    if (end + 2 >= limit) return 0
    if (isBlank(bytes[end + 2])) return this.#bad('a header line that goes on in the next')
    let [valueFrom, valueTo] = [at + 1, end]
    while (valueFrom < valueTo && isBlank(bytes[valueFrom])) valueFrom++
    while (valueTo > valueFrom && isBlank(bytes[valueTo - 1])) valueTo--
    return this.#header(bytes, from, nameEnd, valueFrom, valueTo) ? end + 2 : -1
  }

  /** @returns false when it failed */
  #header(bytes: Buffer, from: number, nameEnd: number, valueFrom: number, valueTo: number): boolean {
    const nameLength = nameEnd - from
    if (nameLength === 14 && isWord(bytes, from, nameEnd, 'content-length'))
      return this.#contentLength(bytes, valueFrom, valueTo)
    if (nameLength === 17 && isWord(bytes, from, nameEnd, 'transfer-encoding'))
      return this.#transferEncoding(bytes.toString('latin1', valueFrom, valueTo))
    if (nameLength !== 10) return true
    if (isWord(bytes, from, nameEnd, 'connection')) this.#connection(bytes, valueFrom, valueTo)
    else if (isWord(bytes, from, nameEnd, 'set-cookie')) this.setsCookies = true
    return true
  }

  #transferEncoding(value: string): boolean {
    if (this.length >= 0) return this.#refuse('both Content-Length and Transfer-Encoding')
    if (value === '') return this.#refuse('an empty Transfer-Encoding')
    this.#transferSaid = true
    this.isChunked = /(?:^|,)[ \t]*chunked$/i.test(value)
    return true
  }

  #contentLength(bytes: Buffer, from: number, to: number): boolean {
    if (this.#transferSaid) return this.#refuse('both Content-Length and Transfer-Encoding')
    if (from === to) return this.#refuse('an empty Content-Length')
    if (this.length >= 0) return this.#refuse('two Content-Lengths')
    let value = 0
    for (let i = from; i < to; i++) {
      const digit = (bytes[i] as number) - 48
      if (digit < 0 || digit > 9) return this.#refuse('a Content-Length that is no number')
      value = value * 10 + digit
    }
    if (value > Number.MAX_SAFE_INTEGER) return this.#refuse('a Content-Length beyond all measure')
    this.length = value
    return true
  }

  #connection(bytes: Buffer, from: number, to: number): void {
    // The two that nearly every answer says are told without a string of them.
    if (isWord(bytes, from, to, 'keep-alive')) this.#keepAliveSaid = true
    else if (isWord(bytes, from, to, 'close')) this.#close = true
    else
      for (const option of bytes
        .toString('latin1', from, to)
        .toLowerCase()
        .split(/[ \t]*,[ \t]*/)) {
        if (option === 'close') this.#close = true
        if (option === 'keep-alive') this.#keepAliveSaid = true
      }
  }
}
