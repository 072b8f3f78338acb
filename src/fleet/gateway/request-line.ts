/** What became of a request, as its ledger says it; `refused`: no instance was asked. */
export type RequestEnd = 'answered' | 'lost' | 'abandoned' | 'refused'

/** What is written of a request: no headers and no bodies, which may hold secrets, and no query unless somebody wants it. */
export type RequestLine = {
  /** When it ended, in milliseconds since 1970. */
  readonly at: number
  readonly client: string
  readonly method: string
  /** As it stands in the request. */
  readonly url: string
  readonly end: RequestEnd
  /** That its client was sent; 0 when none was. */
  readonly status: number
  /** Of the answer's body that came from the service. */
  readonly bytes: number
  /** From its arrival to its end. */
  readonly durationMs: number
  /** From asking the instance to the head of its answer. */
  readonly upstreamMs: number | undefined
  /** The last that was asked. */
  readonly instance: string | undefined
  readonly release: string | undefined
  readonly requestId: string | undefined
  readonly traceId: string | undefined
  readonly because: string | undefined
}

const longestUrl = 2_048

/** A path ends where a query or, in what was refused, a fragment begins. */
function shown(url: string, withQuery: boolean): string {
  const end = withQuery ? -1 : url.search(/[?#]/)
  return (end < 0 ? url : url.slice(0, end)).slice(0, longestUrl)
}

const figure = (ms: number): number => Math.round(ms * 1_000) / 1_000

/** A pair that is there only when there is something to say. Values in it are as harmless as JSON needs them. */
const plain = (name: string, value: string | number | undefined): string => {
  if (value === undefined) return ''
  return typeof value === 'number' ? `,"${name}":${value}` : `,"${name}":"${value}"`
}

/** One line of JSON, with its end. Texts that a client may have written are escaped; the others cannot need it. */
export function requestText(line: RequestLine, withQuery: boolean): string {
  const { at, client, method, url, end, status, bytes, durationMs, upstreamMs, because } = line
  const when = `{"time":"${new Date(at).toISOString()}","client":"${client}"`
  const what = `,"method":${JSON.stringify(method)},"path":${JSON.stringify(shown(url, withQuery))}`
  const how = `${plain('end', end)}${plain('status', status || undefined)},"bytes":${bytes}`
  const times = `,"durationMs":${figure(durationMs)}${plain('upstreamMs', upstreamMs && figure(upstreamMs))}`
  const who = `${plain('instance', line.instance)}${plain('release', line.release)}`
  const ids = `${plain('requestId', line.requestId)}${plain('traceId', line.traceId)}`
  return `${when}${what}${how}${times}${who}${ids}${because ? `,"because":${JSON.stringify(because)}` : ''}}\n`
}
