import { chunkSizeOf, isTrailer, mayBeChunkSize, mayBeTrailer } from './chunk-lines.ts'
import type { Head } from './head.ts'
import { HeadReader } from './head-reader.ts'
import { KnownHeads } from './known-heads.ts'

/** `switched`: the peer leaves HTTP, which only a scanner that `maySwitch` takes for an answer. */
export type ScanResult = 'more' | 'done' | 'switched' | 'failed'

/** Takes a part of a body; the bytes are good until it returns. */
export type TakePart = (bytes: Buffer, from: number, to: number) => void

const headLimit = 64 * 1_024
const lineLimit = 4 * 1_024
/** Of a body that is kept; one that never ends is not to fill the memory. */
const bodyLimit = 64 * 1_024 * 1_024
const [lf, cr] = [10, 13]

/** What comes next. */
const head = 0
const sized = 1
const chunkSize = 2
const chunkData = 3
const chunkEnd = 4
const trailer = 5
const untilClose = 6
const over = 7

const nothing = Buffer.alloc(0)

/** What all connections of a thread read with: a head is read in one go, or again from its beginning. */
const reader = new HeadReader()
const knownHeads = new KnownHeads()

/** Some servers send a line end too many. @returns where something else begins */
function skipLineEnds(bytes: Buffer, from: number, length: number): number {
  let at = from
  while (at < length && (bytes[at] === cr || bytes[at] === lf)) at++
  return at
}

/**
 * Reads the answers on one connection, one after the other, as they come in pieces. Strict, as Node.js's own parser is.
 * Nothing is allocated for an answer whose head is known and that is not kept.
 */
export class ResponseScanner {
  /** Of the final answer; 0 before it is known. */
  status = 0
  /** Of the final answer. */
  head: Head | undefined
  /** After `done`: another request may be sent on this connection. */
  keepAlive = true
  /** Bytes of body, chunks put together. */
  bodyBytes = 0
  /** After `failed`, in words. */
  error = ''
  /** The request asked to leave HTTP. */
  maySwitch = false
  /** After `switched`: where the bytes behind the head begin. */
  restFrom = 0
  readonly #part: TakePart | undefined
  #next = head
  #isHead = false
  #keep = false
  /** Of the part of the body, or of the chunk, that is being read. */
  #left = 0
  /** What could not be understood yet: the beginning of a head, or of a line. */
  #held: Buffer | undefined
  #trailerBytes = 0
  /** Of the body, when it is kept: mostly it comes in one piece. */
  #piece = nothing
  #morePieces: Buffer[] = []

  /** @param part is handed bodies as they come, chunks without their lines */
  constructor(part?: TakePart) {
    this.#part = part
  }

  /** The answer is complete; after `failed`, what failed are the bytes behind it. */
  get isComplete(): boolean {
    return this.#next === over
  }

  /** Prepares for the answer to the next request. `keep`: its body is wanted, whole. */
  begin(isHead: boolean, keep: boolean): void {
    this.status = 0
    this.head = undefined
    this.keepAlive = true
    this.bodyBytes = 0
    this.error = ''
    this.#next = head
    this.#isHead = isHead
    this.#keep = keep
    this.#held = undefined
    this.#trailerBytes = 0
    this.#piece = nothing
    if (this.#morePieces.length > 0) this.#morePieces = []
  }

  body(): Buffer {
    return this.#morePieces.length === 0 ? this.#piece : Buffer.concat([this.#piece, ...this.#morePieces])
  }

  /** Takes `length` bytes; the buffer is its owner's again afterwards. Bytes behind the answer's end are an error. */
  push(bytes: Buffer, length: number): ScanResult {
    if (this.error !== '') return 'failed'
    let at = 0
    while (at < length && this.#next !== over) {
      at = this.#takePart(bytes, at, length)
      if (at < 0) return 'failed'
    }
    if (this.status === 101) {
      this.restFrom = at
      return 'switched'
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
    if (to > from) this.#part?.(bytes, from, to)
    if (!this.#keep || to === from) return true
    if (this.bodyBytes > bodyLimit) return this.#refuse('a body of more than 64 MiB')
    const piece = Buffer.allocUnsafe(to - from)
    bytes.copy(piece, 0, from, to)
    if (this.#piece === nothing) this.#piece = piece
    else this.#morePieces.push(piece)
    return true
  }

  /** @returns where the next part begins; -1 when it failed */
  #takeHead(bytes: Buffer, start: number, length: number): number {
    if (this.#held) return this.#takeRestOfHead(this.#held, bytes, start, length)
    const from = skipLineEnds(bytes, start, length)
    if (from === length) return length
    const known = knownHeads.find(bytes, from, length)
    if (known) return this.#afterHead(known) ? from + known.bytes.length : -1
    return this.#readHead(bytes, from, length)
  }

  /** Its beginning was not enough to be understood: it is read once more, with what has come since. */
  #takeRestOfHead(held: Buffer, bytes: Buffer, from: number, length: number): number {
    const all = Buffer.concat([held, bytes.subarray(from, length)])
    this.#held = undefined
    const end = this.#readHead(all, 0, all.length)
    return end < 0 ? -1 : from + end - held.length
  }

  /** @returns where it ends; `limit` when the rest is yet to come; -1 when it failed */
  #readHead(bytes: Buffer, from: number, limit: number): number {
    const end = reader.read(bytes, from, limit)
    if (end < 0) return this.#bad(reader.error)
    if (end > 0) {
      const head = reader.head(bytes, from, end)
      knownHeads.keep(head, from, limit)
      return this.#afterHead(head) ? end : -1
    }
    if (limit - from > headLimit) return this.#bad('a head of more than 64 KiB')
    this.#held = Buffer.from(bytes.subarray(from, limit))
    return limit
  }

  /** What the head says of the body. */
  #afterHead(head: Head): boolean {
    const { status } = head
    if (status === 101 && !this.maySwitch) return this.#refuse('it switched to another protocol')
    // An interim answer: the final one follows.
    if (status >= 100 && status < 200 && status !== 101) return true
    this.status = status
    this.head = head
    this.keepAlive = head.keepAlive
    if (this.#isHead || status === 101 || status === 204 || status === 304) this.#next = over
    else if (head.isChunked) this.#next = chunkSize
    else if (head.length >= 0) {
      this.#left = head.length
      this.#next = head.length === 0 ? over : sized
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
    if (this.#next === trailer) return mayBeTrailer(line) || this.#refuse('a trailer that is none')
    return mayBeChunkSize(line) || this.#refuse('a chunk without a size')
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
      else if (!isTrailer(line)) return this.#refuse('a trailer that is none')
      return this.#trailerBytes <= headLimit || this.#refuse('trailers of more than 64 KiB')
    }
    const size = chunkSizeOf(line)
    if (size === undefined) return this.#refuse('a chunk without a size')
    this.#left = size
    this.#next = this.#left === 0 ? trailer : chunkData
    return true
  }
}
