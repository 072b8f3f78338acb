import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { HttpAnswer, HttpProbe } from './plan/expectations.ts'

/** What is expected of a body stands at its beginning; a stream has no end. */
const longestBytes = 2 ** 20

const textOf = (value: string | readonly string[] | undefined): string =>
  typeof value === 'string' ? value : (value?.join(', ') ?? '')

/** Sends one request on a connection of its own; redirections are answers like others. @throws what the connection does */
export function askHttp(url: string, { method }: HttpProbe, signal: AbortSignal): Promise<HttpAnswer> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, agent: false, signal, headers: { accept: '*/*' } }, (response) => {
      const parts: Buffer[] = []
      let bytes = 0
      const done = () => {
        const headers = Object.entries(response.headers).map(([name, value]) => [name, textOf(value)])
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(headers),
          body: Buffer.concat(parts).toString('utf8'),
        })
      }
      response.on('data', (part: Buffer) => {
        parts.push(part)
        bytes += part.length
        if (bytes < longestBytes) return
        done()
        asked.destroy()
      })
      response.on('end', done)
      response.on('error', reject)
    })
    asked.on('error', reject)
    asked.end()
  })
}
