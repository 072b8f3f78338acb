import type { ServerResponse } from 'node:http'
import type { Head } from '../../wire/index.ts'
import { answerHead, headersWithout } from './answer-head.ts'

/** A body up to this goes with its head in one write. */
const smallBytes = 8 * 1_024

/** Writes an answer to the client as it comes. */
export class Reply {
  readonly #response: ServerResponse
  #isBegun = false
  /** Of the body. */
  bytes = 0

  constructor(response: ServerResponse) {
    this.#response = response
  }

  get isBegun(): boolean {
    return this.#isBegun
  }

  /**
   * @param more names and values in turn, besides the answer's own
   * @param own a header of the gateway's own, in lower case, of which the answer's is left out
   */
  begin(head: Head, more: readonly string[], own: string | undefined): void {
    const answer = answerHead(head)
    const headers = headersWithout(head, answer, own)
    this.#isBegun = true
    this.#response.writeHead(
      answer.status,
      answer.reason,
      (more.length === 0 ? headers : headers.concat(more)) as string[],
    )
  }

  /** Says why there is no answer. @param more names and values in turn */
  instead(status: number, text: string, more: readonly string[]): void {
    this.#response.writeHead(status, ['Content-Type', 'text/plain', ...more])
    this.#response.end(`${text}\n`)
  }

  /** @returns false when the client does not take it as fast */
  pass(piece: Buffer, isSized: boolean): boolean {
    this.bytes += piece.length
    if (piece.length > 0) return this.#response.write(Buffer.from(piece))
    // Without a length the body may be long in coming: the head goes at once.
    if (!isSized) this.#response.flushHeaders()
    return true
  }

  /** The last piece. */
  end(piece: Buffer): void {
    this.bytes += piece.length
    if (piece.length === 0) this.#response.end()
    else if (piece.length <= smallBytes) this.#response.end(piece.toString('latin1'), 'latin1')
    else this.#response.end(Buffer.from(piece))
  }
}
