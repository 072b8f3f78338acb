import type { Head } from '../../wire/index.ts'
import type { Answer } from '../scenario.ts'
import { decodeBody } from './body.ts'

/** An answer as it came. What is in its head and body is worked out when it is asked for: mostly it never is. */
export class ReceivedAnswer implements Answer {
  readonly status: number
  readonly responseMs: number
  readonly #head: Head
  readonly #raw: Buffer
  #body: Buffer | undefined

  /** @param raw not decoded yet */
  constructor(head: Head, raw: Buffer, responseMs: number) {
    this.status = head.status
    this.responseMs = responseMs
    this.#head = head
    this.#raw = raw
  }

  get headers(): ReadonlyMap<string, string> {
    return this.#head.headers
  }

  get setCookies(): readonly string[] {
    return this.#head.setCookies
  }

  get body(): Buffer {
    this.#body ??= decodeBody(this.#raw, this.headers.get('content-encoding'))
    return this.#body
  }

  text(): string {
    return this.body.toString('utf8')
  }

  json<T>(): T {
    return JSON.parse(this.text()) as T
  }
}
