import { randomFillSync } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** The header that carries ids. */
export type IdHeader = {
  /** As it is written. */
  readonly name: string
  readonly lower: string
}

const idBytes = 16
const pool = Buffer.alloc(256 * idBytes)
let used = pool.length

/** 32 hexadecimal digits by chance. Drawn many at once, and written at once: a UUID of Node's is joined from twenty parts. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += idBytes
  return pool.toString('hex', used - idBytes, used)
}

/** What can stand in a log, an address or a shell's word without being read as anything else. */
const sane = /^[\w.:@+=/-]{1,128}$/

export const isSaneId = (id: string): boolean => sane.test(id)

/** The id that came with a request, if it is one that can be kept; a new one otherwise. */
export function requestIdOf({ headers }: IncomingMessage, { lower }: IdHeader): string {
  const brought = headers[lower]
  // One that was sent twice has a comma in it.
  return typeof brought === 'string' && isSaneId(brought) ? brought : newId()
}

/** Of W3C's `traceparent`; undefined where there is none in order. */
export function traceIdIn(traceparent: string | string[] | undefined): string | undefined {
  if (typeof traceparent !== 'string') return undefined
  const [, version, id] = /^([\da-f]{2})-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}(?:$|-)/.exec(traceparent) ?? []
  const isLonger = traceparent.length > 55
  if (id === undefined || version === 'ff' || (version === '00' && isLonger) || /^0+$/.test(id))
    return undefined
  return id
}
