import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type Access, openAccess } from './access.ts'

export type Asked = {
  readonly url: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly access?: Access
  /** Of the whole answer. */
  readonly timeoutMs: number
  /** Of what it may say. */
  readonly longestBytes: number
}

export type Heard =
  | { readonly status: number; readonly type: string; readonly text: string }
  | { readonly because: string }

/**
 * Asks once, on a connection of its own. Redirections are answers like others: what may be said to one host may not be said
 * to another.
 */
export function askOnce(asked: Asked): Promise<Heard> {
  const { url, method = 'GET', body, access = openAccess, timeoutMs, longestBytes } = asked
  const signal = AbortSignal.timeout(timeoutMs)
  const request = url.startsWith('https:') ? requestHttps : requestHttp
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException) =>
      resolve({ because: whyOf(error, signal.aborted, timeoutMs) })
    try {
      const sent = request(
        url,
        {
          ...{ method, agent: false, signal },
          headers: { ...asked.headers, ...access.headers },
          rejectUnauthorized: !access.trustsAnybody,
          ...(access.ca === undefined ? {} : { ca: access.ca }),
        },
        (response) => {
          const parts: Buffer[] = []
          let bytes = 0
          response.on('data', (part: Buffer) => {
            bytes += part.length
            parts.push(part)
            if (bytes > longestBytes)
              sent.destroy(new Error(`answered more than ${Math.round(longestBytes / 2 ** 20)} MiB`))
          })
          response.on('error', fail)
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              type: response.headers['content-type'] ?? '',
              text: Buffer.concat(parts).toString('utf8'),
            }),
          )
        },
      )
      sent.on('error', fail)
      sent.end(body)
    } catch (error) {
      fail(error as NodeJS.ErrnoException)
    }
  })
}

function whyOf({ code, message }: NodeJS.ErrnoException, isLate: boolean, timeoutMs: number): string {
  if (isLate) return `did not answer within ${timeoutMs} ms`
  if (code === 'ECONNRESET') return 'broke off its answer'
  // Node.js names the header, never its value; what else it may say about it is not passed on.
  if (code === 'ERR_INVALID_CHAR') return 'was not asked: its secret holds what no header can'
  return code ? `does not answer: ${code}` : message
}
