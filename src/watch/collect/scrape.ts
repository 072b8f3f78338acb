import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Answer } from './plan/scraped.ts'

const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'

const isOpenMetrics = (type: string | undefined): boolean =>
  type?.startsWith('application/openmetrics-text') === true

/**
 * Asks a target for its metrics, each time on a connection of its own.
 * @param timeoutMs of the whole answer
 * @param longestBytes of what it may say
 */
export function scrape(url: string, timeoutMs: number, longestBytes: number): Promise<Answer> {
  const begun = performance.now()
  const tookMs = () => performance.now() - begun
  const signal = AbortSignal.timeout(timeoutMs)
  return new Promise((resolve) => {
    const fail = (because: string) => resolve({ because, tookMs: tookMs() })
    const request = url.startsWith('https:') ? requestHttps : requestHttp
    const asked = request(url, { agent: false, headers: { accept }, signal }, (response) => {
      const status = response.statusCode ?? 0
      if (status !== 200) {
        response.destroy()
        return fail(`answered ${status}`)
      }
      const parts: Buffer[] = []
      let bytes = 0
      response.on('data', (part: Buffer) => {
        bytes += part.length
        parts.push(part)
        if (bytes > longestBytes)
          asked.destroy(new Error(`answered more than ${Math.round(longestBytes / 2 ** 20)} MiB`))
      })
      response.on('error', (error) => fail(whyOf(error, signal, timeoutMs)))
      response.on('end', () =>
        resolve({
          text: Buffer.concat(parts).toString('utf8'),
          format: isOpenMetrics(response.headers['content-type']) ? 'openmetrics' : 'prometheus',
          tookMs: tookMs(),
        }),
      )
    })
    asked.on('error', (error) => fail(whyOf(error, signal, timeoutMs)))
    asked.end()
  })
}

function whyOf(error: NodeJS.ErrnoException, signal: AbortSignal, timeoutMs: number): string {
  if (signal.aborted) return `did not answer within ${timeoutMs} ms`
  if (error.code === 'ECONNRESET') return 'broke off its answer'
  return error.code ? `does not answer: ${error.code}` : error.message
}
