import type { Head } from '../../wire/index.ts'
import { isEndToEnd, namedByConnection } from './hop-by-hop.ts'

/** The head of an answer as it is passed on. */
export type AnswerHead = {
  readonly status: number
  readonly reason: string
  /** Names and values in turn, without those that belong to the upstream's connection. */
  readonly headers: readonly string[]
  /** Its body's length is known. */
  readonly isSized: boolean
  /** An answer without an end of its own. */
  readonly isEventStream: boolean
}

/** The same head comes many times: `wire` knows it again, so that it is also translated once. */
const known = new WeakMap<Head, AnswerHead>()

/** @throws Error when the body comes in an encoding that the gateway can neither pass on nor undo */
export function answerHead(head: Head): AnswerHead {
  const before = known.get(head)
  if (before) return before
  const translated = translate(head)
  known.set(head, translated)
  return translated
}

/** The headers of an answer without one that the gateway writes itself. @param lower its name, undefined: none */
export function headersWithout(
  head: Head,
  { headers }: AnswerHead,
  lower: string | undefined,
): readonly string[] {
  if (lower === undefined || !head.headers.has(lower)) return headers
  return headers.filter((_, i) => headers[i - (i % 2)]?.toLowerCase() !== lower)
}

function translate(head: Head): AnswerHead {
  const { headers } = head
  const encoding = headers.get('transfer-encoding')
  if (encoding !== undefined && encoding.toLowerCase() !== 'chunked')
    throw new Error(`unknown Transfer-Encoding ${encoding}`)
  return {
    status: head.status,
    reason: head.reason,
    headers: passedOn(head),
    isSized: head.length >= 0,
    isEventStream: /^text\/event-stream(?:$|[\s;])/i.test(headers.get('content-type') ?? ''),
  }
}

/** A length on an answer that has no body by its status would make two readers disagree. */
function passedOn({ status, headers, fields }: Head): readonly string[] {
  const named = namedByConnection(headers.get('connection'))
  const isBare = status === 101 || status === 204
  const kept: string[] = []
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [name, value] = [fields[i] as string, fields[i + 1] as string]
    const lower = name.toLowerCase()
    if (!isEndToEnd(lower, named) || (isBare && lower === 'content-length')) continue
    kept.push(name, value)
  }
  return kept
}
