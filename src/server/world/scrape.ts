import { request } from 'node:http'

/** The judge looks once a second: whoever takes longer is not waited for. */
const scrapeTimeoutMs = 800
/** More than this no service has to say. */
const longestBytes = 4 * 2 ** 20

type Answer = { readonly text: string } | { readonly because: string }

/** Asks an instance on this machine for its metrics, in Prometheus' text format. Each time on a connection of its own. */
export function scrape(port: number, path: string): Promise<Answer> {
  return new Promise((resolve) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        agent: false,
        headers: { accept: 'text/plain;version=0.0.4' },
        signal: AbortSignal.timeout(scrapeTimeoutMs),
      },
      (response) => {
        const parts: Buffer[] = []
        let bytes = 0
        response.on('data', (part: Buffer) => {
          bytes += part.length
          parts.push(part)
          if (bytes > longestBytes) asked.destroy(new Error(`${path} answered more than 4 MB`))
        })
        response.on('error', fail)
        response.on('end', () => {
          const status = response.statusCode ?? 0
          resolve(
            status === 200
              ? { text: Buffer.concat(parts).toString('utf8') }
              : { because: `${path} answered ${status}` },
          )
        })
      },
    )
    const fail = (error: NodeJS.ErrnoException) =>
      resolve({
        because:
          error.name === 'AbortError' || error.name === 'TimeoutError'
            ? `${path} did not answer within ${scrapeTimeoutMs} ms`
            : `${path} does not answer: ${error.code ?? error.message}`,
      })
    asked.on('error', fail)
    asked.end()
  })
}
