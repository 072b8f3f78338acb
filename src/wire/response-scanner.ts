export type ScanResult = 'more' | 'done' | 'failed'

const headLimit = 64 * 1_024
const lineLimit = 4 * 1_024
const [tab, lf, cr, space, colon] = [9, 10, 13, 32, 58]

/** What comes next. */
const head = 0
const sized = 1
const chunkSize = 2
const chunkData = 3
const chunkEnd = 4
const trailer = 5
const untilClose = 6
const over = 7

const isTokenByte = new Uint8Array(256)
for (const char of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
  isTokenByte[char.charCodeAt(0)] = 1

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

/**
 * Reads the answers on one connection, one after the other, as they come in pieces. Strict, as Node.js's own parser is.
 * Nothing is allocated for an answer whose head comes in one piece and that is not kept.
 */
export class ResponseScanner {
  /** Of the final answer; 0 before it is known. */
  status = 0
  /** After `done`: another request may be sent on this connection. */
  keepAlive = true
  /** Bytes of body, chunks put together. */
  bodyBytes = 0
  /** After `failed`, in words. */
  error = ''
  #next = head
  #isHead = false
  #keep = false
  /** Of the part of the body, or of the chunk, that is being read. */
  #left = 0
  /** What could not be understood yet: the beginning of a head, or of a line. */
  #held: Buffer | undefined
  #trailerBytes = 0
  #length = -1
  #chunked = false
  #close = false
  #keepAliveSaid = false
  #pieces: Buffer[] = []
  #headers = new Map<string, string>()
  #cookies: string[] = []

  /** Prepares for the answer to the next request. `keep`: its headers and body are wanted. */
  begin(isHead: boolean, keep: boolean): void {
    this.status = 0
    this.keepAlive = true
    this.bodyBytes = 0
    this.error = ''
    this.#next = head
    this.#isHead = isHead
    this.#keep = keep
    this.#held = undefined
    this.#trailerBytes = 0
    if (this.#pieces.length > 0) this.#pieces = []
    if (this.#headers.size > 0) this.#headers = new Map()
    if (this.#cookies.length > 0) this.#cookies = []
  }

  headers(): ReadonlyMap<string, string> {
    return this.#headers
  }

  setCookies(): readonly string[] {
    return this.#cookies
  }

  body(): Buffer {
    return this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces)
  }

  /** Takes `length` bytes; the buffer is its owner's again afterwards. More than one answer has fails. */
  push(bytes: Buffer, length: number): ScanResult {
    let at = 0
    for (;;) {
      if (this.#next === over) return at < length ? this.#fail('bytes after the end of the answer') : 'done'
      if (at >= length && this.#next !== head) return 'more'
      if (this.error !== '') return 'failed'
      switch (this.#next) {
        case head: {
          if (at >= length) return 'more'
          at = this.#takeHead(bytes, at, length)
          break
        }
        case sized:
        case chunkData: {
          const taken = Math.min(this.#left, length - at)
          this.#take(bytes, at, at + taken)
          at += taken
          this.#left -= taken
          if (this.#left === 0) this.#next = this.#next === sized ? over : chunkEnd
          break
        }
        case untilClose:
          this.#take(bytes, at, length)
          at = length
          break
        default:
          at = this.#takeLine(bytes, at, length)
      }
      if (at < 0) return 'failed'
    }
  }

  /** The peer has closed. */
  end(): ScanResult {
    if (this.error !== '') return 'failed'
    if (this.#next === untilClose) this.#next = over
    if (this.#next === over) return 'done'
    return this.#fail(
      this.#next === head && this.#held === undefined && this.status === 0
        ? 'the connection was closed without an answer'
        : 'the connection was closed before the answer was complete',
    )
  }

  #fail(because: string): 'failed' {
    this.error = because
    return 'failed'
  }

  #bad(because: string): -1 {
    this.error = because
    return -1
  }

  #take(bytes: Buffer, from: number, to: number): void {
    this.bodyBytes += to - from
    if (this.#keep && to > from) this.#pieces.push(Buffer.from(bytes.subarray(from, to)))
  }

  /** @returns where the next part begins; -1 when it failed */
  #takeHead(bytes: Buffer, from: number, length: number): number {
    const held = this.#held
    const heldBytes = held?.length ?? 0
    const all = held ? Buffer.concat([held, bytes.subarray(from, length)]) : bytes
    const begin = held ? 0 : from
    const limit = held ? all.length : length
    let at = this.#line(all, begin, limit, true)
    while (at > 0 && !this.#headOver) at = this.#line(all, at, limit, false)
    if (at < 0) return -1
    if (at === 0) {
      if (limit - begin > headLimit) return this.#bad('a head of more than 64 KiB')
      this.#held = Buffer.from(all.subarray(begin, limit))
      return length
    }
    this.#held = undefined
    if (!this.#afterHead()) return -1
    return held ? from + at - heldBytes : at
  }

  #headOver = false

  /** Reads one line of the head. @returns where the next begins; 0: it is not whole yet; -1: it failed */
  #line(bytes: Buffer, from: number, limit: number, isFirst: boolean): number {
    if (isFirst) {
      this.#headOver = false
      this.#length = -1
      this.#chunked = false
      this.#close = false
      this.#keepAliveSaid = false
      return this.#statusLine(bytes, from, limit)
    }
    if (from >= limit) return 0
    if (bytes[from] === cr) {
      if (from + 1 >= limit) return 0
      if (bytes[from + 1] !== lf) return this.#bad('a line that does not end in CR LF')
      this.#headOver = true
      return from + 2
    }
    return this.#headerLine(bytes, from, limit)
  }

  #statusLine(bytes: Buffer, from: number, limit: number): number {
    const prefix = 'HTTP/1.'
    for (let i = 0; i < prefix.length && from + i < limit; i++)
      if (bytes[from + i] !== prefix.charCodeAt(i)) return this.#bad('this is not an answer of HTTP/1')
    const end = this.#lineEnd(bytes, from, limit)
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
    this.keepAlive = minor === 49
    return end + 2
  }

  /** Where the CR of a line stands. @returns 0: it is not whole yet; -1: it failed */
  #lineEnd(bytes: Buffer, from: number, limit: number): number {
    for (let i = from; i < limit; i++) {
      const byte = bytes[i] as number
      if (byte >= space || byte === tab) continue
      if (byte !== cr)
        return this.#bad(byte === lf ? 'a line that does not end in CR LF' : 'a control character')
      if (i + 1 >= limit) return 0
      return bytes[i + 1] === lf ? i : this.#bad('a line that does not end in CR LF')
    }
    return 0
  }

  #headerLine(bytes: Buffer, from: number, limit: number): number {
    let at = from
    while (at < limit && isTokenByte[bytes[at] as number]) at++
    if (at >= limit) return 0
    if (bytes[at] !== colon || at === from) return this.#bad('a header line without a name and a colon')
    const nameEnd = at
    const end = this.#lineEnd(bytes, at + 1, limit)
    if (end <= 0) return end
    if (end + 2 >= limit) return 0
    const next = bytes[end + 2]
    if (next === space || next === tab) return this.#bad('a header line that goes on in the next')
    let [valueFrom, valueTo] = [at + 1, end]
    while (valueFrom < valueTo && (bytes[valueFrom] === space || bytes[valueFrom] === tab)) valueFrom++
    while (valueTo > valueFrom && (bytes[valueTo - 1] === space || bytes[valueTo - 1] === tab)) valueTo--
    if (!this.#header(bytes, from, nameEnd, valueFrom, valueTo)) return -1
    return end + 2
  }

  #header(bytes: Buffer, from: number, nameEnd: number, valueFrom: number, valueTo: number): boolean {
    if (this.#keep) this.#keepHeader(bytes, from, nameEnd, valueFrom, valueTo)
    const length = nameEnd - from
    if (length === 14 && isWord(bytes, from, nameEnd, 'content-length')) {
      let value = 0
      for (let i = valueFrom; i < valueTo; i++) {
        const digit = (bytes[i] as number) - 48
        if (digit < 0 || digit > 9 || value > 1e14) return this.#bad('a Content-Length that is no number') > 0
        value = value * 10 + digit
      }
      if (valueTo === valueFrom || this.#length >= 0)
        return this.#bad(valueTo === valueFrom ? 'an empty Content-Length' : 'two Content-Lengths') > 0
      this.#length = value
    } else if (length === 17 && isWord(bytes, from, nameEnd, 'transfer-encoding')) {
      const value = bytes.toString('latin1', valueFrom, valueTo).toLowerCase()
      this.#chunked = /(?:^|,)\s*chunked$/.test(value)
    } else if (length === 10 && isWord(bytes, from, nameEnd, 'connection')) {
      for (const token of bytes.toString('latin1', valueFrom, valueTo).toLowerCase().split(',')) {
        if (token.trim() === 'close') this.#close = true
        if (token.trim() === 'keep-alive') this.#keepAliveSaid = true
      }
    }
    return true
  }

  #keepHeader(bytes: Buffer, from: number, nameEnd: number, valueFrom: number, valueTo: number): void {
    const name = bytes.toString('latin1', from, nameEnd).toLowerCase()
    const value = bytes.toString('latin1', valueFrom, valueTo)
    if (name === 'set-cookie') this.#cookies.push(value)
    const before = this.#headers.get(name)
    this.#headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }

  /** What the head says of the body. */
  #afterHead(): boolean {
    const { status } = this
    if (status === 101) return this.#bad('it switched to another protocol') > 0
    if (status >= 100 && status < 200) {
      // An interim answer: the final one follows.
      this.status = 0
      if (this.#headers.size > 0) this.#headers = new Map()
      this.#cookies = []
      return true
    }
    if (this.#chunked && this.#length >= 0) return this.#bad('both Content-Length and chunks') > 0
    this.keepAlive = this.#close ? false : this.keepAlive || this.#keepAliveSaid
    if (this.#isHead || status === 204 || status === 304) this.#next = over
    else if (this.#chunked) this.#next = chunkSize
    else if (this.#length >= 0) {
      this.#left = this.#length
      this.#next = this.#length === 0 ? over : sized
    } else {
      this.keepAlive = false
      this.#next = untilClose
    }
    return true
  }

  /** Lines between chunks: sizes, the ends of chunks, trailers. */
  #takeLine(bytes: Buffer, from: number, length: number): number {
    const held = this.#held
    const end = bytes.indexOf(lf, from)
    if (end < 0 || end >= length) {
      this.#held = Buffer.concat([held ?? Buffer.alloc(0), bytes.subarray(from, length)])
      return this.#held.length > lineLimit ? this.#bad('a line between chunks of more than 4 KiB') : length
    }
    const line = held ? Buffer.concat([held, bytes.subarray(from, end + 1)]) : bytes.subarray(from, end + 1)
    this.#held = undefined
    if (line.at(-2) !== cr) return this.#bad('a line that does not end in CR LF')
    return this.#line2(line.toString('latin1', 0, line.length - 2)) ? end + 1 : -1
  }

  #line2(line: string): boolean {
    if (this.#next === chunkEnd) {
      if (line !== '') return this.#bad('a chunk that is longer than it says') > 0
      this.#next = chunkSize
      return true
    }
    if (this.#next === trailer) {
      this.#trailerBytes += line.length
      if (line === '') this.#next = over
      return this.#trailerBytes <= headLimit || this.#bad('trailers of more than 64 KiB') > 0
    }
    const size = /^([0-9a-f]{1,12})(?:;.*)?$/i.exec(line)?.[1]
    if (size === undefined) return this.#bad('a chunk without a size') > 0
    this.#left = Number.parseInt(size, 16)
    this.#next = this.#left === 0 ? trailer : chunkData
    return true
  }
}
