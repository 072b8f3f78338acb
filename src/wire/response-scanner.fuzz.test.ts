import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { type Random, seededRandom } from '../kernel/index.ts'
import { ResponseScanner, type ScanResult } from './response-scanner.ts'

/** What two readers of the same bytes must agree about. */
type Reading = {
  readonly is: ScanResult
  readonly status: number
  readonly body: string
  readonly keepAlive: boolean
}

type NodeParser = {
  initialize(type: number, resource: object, maxHeaderBytes: number, leniency: number): void
  execute(bytes: Buffer): number | Error
  finish(): number | Error | undefined
  close(): void
  [callback: number]: (...given: never[]) => number | undefined
}

const { HTTPParser } = createRequire(import.meta.url)('_http_common') as {
  HTTPParser: (new () => NodeParser) & Readonly<Record<string, number>>
}
const named = (name: string): number => HTTPParser[name] as number

/** Node.js's own parser, as its HTTP client uses it. */
class NodeReader {
  readonly #parser = new HTTPParser()
  #status = 0
  #body = ''
  #keepAlive = false
  #isOver = false
  #failed = false

  constructor(isHead: boolean) {
    const parser = this.#parser
    parser.initialize(named('RESPONSE'), {}, 64 * 1_024, 0)
    let inBody = false
    const begin = () => {
      // A second answer, which nobody asked for.
      if (this.#isOver) this.#failed = true
      return 0
    }
    parser[named('kOnMessageBegin')] = begin
    parser[named('kOnHeaders')] = () => undefined
    const onHead = (...given: unknown[]) => {
      const [status, keepAlive] = [given[5] as number, given[8] as boolean]
      if (status === 101) this.#failed = true
      // An interim answer has no body, and the final one follows.
      if (status < 200) return 1
      inBody = true
      this.#status = status
      this.#keepAlive = keepAlive
      return isHead ? 1 : 0
    }
    parser[named('kOnHeadersComplete')] = onHead as never
    const onBody = (bytes: Buffer) => {
      this.#body += bytes.toString('latin1')
      return undefined
    }
    parser[named('kOnBody')] = onBody as never
    parser[named('kOnMessageComplete')] = () => {
      if (inBody) this.#isOver = true
      return 0
    }
  }

  push(bytes: Buffer): void {
    if (this.#failed || bytes.length === 0) return
    const found = this.#parser.execute(bytes)
    if (typeof found !== 'number' || found !== bytes.length) this.#failed = true
  }

  end(): void {
    if (!this.#failed && !this.#isOver && this.#parser.finish() instanceof Error) this.#failed = true
    if (!this.#isOver) this.#failed = true
  }

  reading(): Reading {
    const is = this.#failed ? 'failed' : this.#isOver ? 'done' : 'more'
    return { is, status: this.#status, body: this.#body, keepAlive: this.#keepAlive }
  }

  close(): void {
    this.#parser.close()
  }
}

class OurReader {
  readonly #scanner = new ResponseScanner()
  #is: Reading['is'] = 'more'

  constructor(isHead: boolean) {
    this.#scanner.begin(isHead, true)
  }

  push(bytes: Buffer): void {
    if (bytes.length > 0) this.#is = this.#scanner.push(bytes, bytes.length)
  }

  end(): void {
    this.#is = this.#scanner.end()
  }

  reading(): Reading {
    const { status, keepAlive } = this.#scanner
    return { is: this.#is, status, body: this.#scanner.body().toString('latin1'), keepAlive }
  }

  close(): void {}
}

/** What can be compared: of what failed, only that it did; of what goes on, not the status that may not be known yet. */
function comparable({ is, status, body, keepAlive }: Reading, isHead: boolean): string {
  if (is === 'failed') return 'failed'
  if (is === 'more') return `more ${body}`
  // Node.js says of an answer without a body whether the connection could be kept if it had one.
  return `done ${status} ${isHead || keepAlive} ${body}`
}

type How = { readonly isHead: boolean; readonly closes: boolean }

function read(reader: OurReader | NodeReader, pieces: readonly Buffer[], { isHead, closes }: How): string {
  for (const piece of pieces) reader.push(piece)
  if (closes) reader.end()
  const found = comparable(reader.reading(), isHead)
  reader.close()
  return found
}

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random.next() * from.length)] as T
const chance = (random: Random, share: number): boolean => random.next() < share

const names = ['Server', 'x-a', 'Date', 'Set-Cookie', 'Content-Type', 'content-lengthx', 'connectio']
const values = ['x', '', 'a b', '\ta\t', 'é', 'close', '5', 'keep-alive, Upgrade']
const statuses = [
  '200 OK',
  '200',
  '204 No Content',
  '304 Not Modified',
  '404 Not Found',
  '100 Continue',
  '500 ',
  '103 E',
]
const connections = ['close', 'keep-alive', 'Close', 'Keep-Alive, close', 'upgrade', 'x, keep-alive']

function writeChunks(random: Random, body: string): string {
  let text = ''
  for (let at = 0; at < body.length; ) {
    const size = 1 + Math.floor(random.next() * (body.length - at))
    const extension = chance(random, 0.2) ? pick(random, [';a', ';a=b', ';a="b c"']) : ''
    const digits = chance(random, 0.5) ? size.toString(16) : size.toString(16).toUpperCase().padStart(3, '0')
    text += `${digits}${extension}\r\n${body.slice(at, at + size)}\r\n`
    at += size
  }
  const trailers = chance(random, 0.2) ? 'X-T: 1\r\n' : ''
  return `${text}0\r\n${trailers}\r\n`
}

/** An answer as a server might send it. */
function writeAnswer(random: Random): string {
  const body = 'x'.repeat(Math.floor(random.next() * 30))
  const lines = [`HTTP/1.${pick(random, ['0', '1', '1', '1'])} ${pick(random, statuses)}`]
  for (let n = Math.floor(random.next() * 3); n > 0; n--)
    lines.push(`${pick(random, names)}:${pick(random, [' ', '', '  '])}${pick(random, values)}`)
  if (chance(random, 0.4)) lines.push(`Connection: ${pick(random, connections)}`)
  const how = pick(random, ['sized', 'chunked', 'close', 'none'])
  if (how === 'sized') lines.push(`Content-Length: ${body.length}`)
  if (how === 'chunked')
    lines.push(`Transfer-Encoding: ${pick(random, ['chunked', 'Chunked', 'gzip, chunked'])}`)
  const head = `${lines.join('\r\n')}\r\n\r\n`
  if (how === 'none') return head
  return head + (how === 'chunked' ? writeChunks(random, body) : body)
}

const pieces = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  ':',
  'HTTP/1.1 200 OK\r\n',
  'Content-Length: 3\r\n',
  '0\r\n\r\n',
  '\r\n\r\n',
]
const more = [
  'Transfer-Encoding: chunked\r\n',
  'ffffffff',
  ';',
  '-1',
  '\x7f',
  '\xff',
  '\t',
  'Connection: close\r\n',
]

/** Damages it in one place, or several. */
function damage(random: Random, text: string): string {
  let damaged = text
  for (let n = 1 + Math.floor(random.next() * 2); n > 0; n--) {
    const at = Math.floor(random.next() * (damaged.length + 1))
    const length = chance(random, 0.5) ? 0 : 1 + Math.floor(random.next() * 3)
    const put = chance(random, 0.6)
      ? pick(random, [...pieces, ...more])
      : String.fromCharCode(Math.floor(random.next() * 256))
    damaged = damaged.slice(0, at) + (chance(random, 0.2) ? '' : put) + damaged.slice(at + length)
  }
  return damaged
}

function writeCase(random: Random): string {
  const answer = writeAnswer(random)
  const whole = chance(random, 0.1) ? `HTTP/1.1 100 Continue\r\n\r\n${answer}` : answer
  return chance(random, 0.5) ? damage(random, whole) : whole
}

/**
 * Where the two may differ. Node.js's parser reads RTSP and ICE, too, so that it fails some bytes later; and to it
 * `chunked` with a tab behind it is no coding that it knows, though white space there means nothing (RFC 9110, 5.5).
 */
const differs = /(?:^|\n)(?:R|RT|RTS|RTSP|I|IC|ICE)$|chunked *\t/i

/** One case is one answer cut at one place. `PLIMSOLL_FUZZ_CASES` asks for more of them. */
const cases = Number(process.env.PLIMSOLL_FUZZ_CASES ?? 100_000)

describe('the scanner of answers', () => {
  it('reads what Node.js reads, wherever the bytes are cut', { timeout: 1_800_000 }, () => {
    const random = seededRandom(1876)
    let [done, ended] = [0, 0]
    const differences: object[] = []
    const outcomes = { more: 0, done: 0, failed: 0 }
    while (done < cases && differences.length < 5) {
      const text = writeCase(random)
      const bytes = Buffer.from(text, 'latin1')
      const [isHead, closes] = [chance(random, 0.1), chance(random, 0.5)]
      for (let at = 0; at < bytes.length; at++, done++) {
        const cut = [bytes.subarray(0, at), bytes.subarray(at)]
        const ours = read(new OurReader(isHead), cut, { isHead, closes })
        const theirs = read(new NodeReader(isHead), cut, { isHead, closes })
        if (ours !== theirs && !differs.test(text)) {
          differences.push({ text, at, isHead, closes, ours, theirs })
          break
        }
        outcomes[
          ours.slice(0, ours.indexOf(' ') < 0 ? undefined : ours.indexOf(' ')) as keyof typeof outcomes
        ]++
      }
      ended++
    }
    expect(differences.slice(0, 5)).toEqual([])
    console.log(`${done} cases of ${ended} answers: no difference; ${JSON.stringify(outcomes)}`)
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(done / 100)
  })
})
