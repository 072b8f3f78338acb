export type ScanResult = 'more' | 'done' | 'failed'

const headLimit = 64 * 1_024
const lineLimit = 4 * 1_024
/** Of a body that is kept; one that never ends is not to fill the memory. */
const bodyLimit = 64 * 1_024 * 1_024
const [tab, lf, cr, space, colon, del] = [9, 10, 13, 32, 58, 127]

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

const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]"
const quoted = '"(?:[\\t\\x20\\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*'
const extension = `;${token}+(?:=(?:${token}*|${quoted}"))?`
const chunkSizeLine = new RegExp(`^([0-9a-fA-F]{1,12})(?:${extension})*$`)
/** The beginning of an extension is one of: none, its name, the sign, its value. */
const chunkSizeBegin = new RegExp(
  `^[0-9a-fA-F]{1,12}(?:${extension})*(?:\\r|;${token}*|;${token}+=(?:${token}*|${quoted}\\\\?))?$`,
)
const trailerLine = /^[!#$%&'*+\-.^_`|~0-9a-z]+:[\t\x20-\x7e\x80-\xff]*$/i
const trailerBegin = /^(?:\r|[!#$%&'*+\-.^_`|~0-9a-z]+(?::[\t\x20-\x7e\x80-\xff]*\r?)?)$/i

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

/** Some servers send a line end too many. @returns where something else begins */
function skipLineEnds(bytes: Buffer, from: number, length: number): number {
  let at = from
  while (at < length && (bytes[at] === cr || bytes[at] === lf)) at++
  return at
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
  #headOver = false
  #length = -1
  #transferSaid = false
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

  /** Takes `length` bytes; the buffer is its owner's again afterwards. Bytes behind the answer's end are an error. */
  push(bytes: Buffer, length: number): ScanResult {
    if (this.error !== '') return 'failed'
    let at = 0
    while (at < length && this.#next !== over) {
      at = this.#takePart(bytes, at, length)
      if (at < 0) return 'failed'
    }
    if (skipLineEnds(bytes, at, length) < length) return this.#fail('bytes after the end of the answer')
    return this.#next === over ? 'done' : 'more'
  }

  /** Takes what belongs to the part of the answer that is being read. @returns where it ends; -1 when it failed */
  #takePart(bytes: Buffer, at: number, length: number): number {
    switch (this.#next) {
      case head:
        return this.#takeHead(bytes, at, length)
      case sized:
      case chunkData: {
        const end = at + Math.min(this.#left, length - at)
        if (!this.#take(bytes, at, end)) return -1
        this.#left -= end - at
        if (this.#left === 0) this.#next = this.#next === sized ? over : chunkEnd
        return end
      }
      case untilClose:
        return this.#take(bytes, at, length) ? length : -1
      default:
        return this.#takeLine(bytes, at, length)
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

  #refuse(because: string): false {
    this.error = because
    return false
  }

  /** @returns false when it failed */
  #take(bytes: Buffer, from: number, to: number): boolean {
    this.bodyBytes += to - from
    if (!this.#keep || to === from) return true
    if (this.bodyBytes > bodyLimit) return this.#refuse('a body of more than 64 MiB')
    this.#pieces.push(Buffer.from(bytes.subarray(from, to)))
    return true
  }

  /** @returns where the next part begins; -1 when it failed */
  #takeHead(bytes: Buffer, start: number, length: number): number {
    const held = this.#held
    const from = held ? start : skipLineEnds(bytes, start, length)
    if (from === length) return length
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

  /** Reads one line of the head. @returns where the next begins; 0: it is not whole yet; -1: it failed */
  #line(bytes: Buffer, from: number, limit: number, isFirst: boolean): number {
    if (isFirst) {
      this.#headOver = false
      this.#length = -1
      this.#transferSaid = false
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
    this.keepAlive = minor === 49
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
    if (this.#keep) this.#keepHeader(bytes, from, nameEnd, valueFrom, valueTo)
    const length = nameEnd - from
    if (length === 14 && isWord(bytes, from, nameEnd, 'content-length'))
      return this.#contentLength(bytes, valueFrom, valueTo)
    if (length === 17 && isWord(bytes, from, nameEnd, 'transfer-encoding'))
      return this.#transferEncoding(bytes.toString('latin1', valueFrom, valueTo))
    if (length === 10 && isWord(bytes, from, nameEnd, 'connection'))
      this.#connection(bytes.toString('latin1', valueFrom, valueTo))
    return true
  }

  #transferEncoding(value: string): boolean {
    if (this.#length >= 0) return this.#refuse('both Content-Length and Transfer-Encoding')
    if (value === '') return this.#refuse('an empty Transfer-Encoding')
    this.#transferSaid = true
    this.#chunked = /(?:^|,)[ \t]*chunked$/i.test(value)
    return true
  }

  #contentLength(bytes: Buffer, from: number, to: number): boolean {
    if (this.#transferSaid) return this.#refuse('both Content-Length and Transfer-Encoding')
    if (from === to) return this.#refuse('an empty Content-Length')
    if (this.#length >= 0) return this.#refuse('two Content-Lengths')
    let value = 0
    for (let i = from; i < to; i++) {
      const digit = (bytes[i] as number) - 48
      if (digit < 0 || digit > 9) return this.#refuse('a Content-Length that is no number')
      value = value * 10 + digit
    }
    if (value > Number.MAX_SAFE_INTEGER) return this.#refuse('a Content-Length beyond all measure')
    this.#length = value
    return true
  }

  #connection(value: string): void {
    for (const option of value.toLowerCase().split(/[ \t]*,[ \t]*/)) {
      if (option === 'close') this.#close = true
      if (option === 'keep-alive') this.#keepAliveSaid = true
    }
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
    if (status === 101) return this.#refuse('it switched to another protocol')
    if (status >= 100 && status < 200) {
      // An interim answer: the final one follows.
      this.status = 0
      if (this.#headers.size > 0) this.#headers = new Map()
      this.#cookies = []
      return true
    }
    // HTTP/1.0 keeps a connection only when it says so, HTTP/1.1 unless it says otherwise.
    this.keepAlive = this.keepAlive ? !this.#close : this.#keepAliveSaid
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
    const isWhole = end >= 0 && end < length
    const now = bytes.subarray(from, isWhole ? end + 1 : length)
    const line = (held ? Buffer.concat([held, now]) : now).toString('latin1')
    if (line.length > lineLimit) return this.#bad('a line between chunks of more than 4 KiB')
    if (!isWhole) {
      if (!this.#mayGrow(line)) return -1
      this.#held = Buffer.from(line, 'latin1')
      return length
    }
    this.#held = undefined
    if (!line.endsWith('\r\n')) return this.#bad('a line that does not end in CR LF')
    return this.#understandLine(line.slice(0, -2)) ? end + 1 : -1
  }

  /** Whether such a beginning can become the line that is expected. */
  #mayGrow(line: string): boolean {
    if (this.#next === chunkEnd) return line === '\r' || this.#refuse('a chunk that is longer than it says')
    if (this.#next === trailer) return trailerBegin.test(line) || this.#refuse('a trailer that is none')
    return chunkSizeBegin.test(line) || this.#refuse('a chunk without a size')
  }

  /** @returns false when it failed */
  #understandLine(line: string): boolean {
    if (this.#next === chunkEnd) {
      if (line !== '') return this.#refuse('a chunk that is longer than it says')
      this.#next = chunkSize
      return true
    }
    if (this.#next === trailer) {
      this.#trailerBytes += line.length
      if (line === '') this.#next = over
      else if (!trailerLine.test(line) || /^content-length:/i.test(line))
        return this.#refuse('a trailer that is none')
      return this.#trailerBytes <= headLimit || this.#refuse('trailers of more than 64 KiB')
    }
    const size = chunkSizeLine.exec(line)?.[1]
    if (size === undefined) return this.#refuse('a chunk without a size')
    this.#left = Number.parseInt(size, 16)
    this.#next = this.#left === 0 ? trailer : chunkData
    return true
  }
}
