import { PlimsollError } from '../../kernel/index.ts'
import type { Place } from '../../series/remote/api.ts'
import { type Access, openAccess } from './access.ts'
import { askOnce } from './ask.ts'
import type { PrometheusPlace } from './config.ts'
import { letIn, type Secrets } from './let-in.ts'

const longestBytes = 4 * 2 ** 20

/** The same way of asking as for metrics: with secrets, and never where a redirection leads. @param timeoutMs of each question */
export const placeOf = (url: string, access: Access, timeoutMs: number): Place => ({
  url,
  timeoutMs,
  async send(whole, body, headers) {
    const asked = {
      url: whole,
      method: 'POST',
      body: String(body),
      headers,
      access,
      timeoutMs,
      longestBytes,
    } as const
    const heard = await askOnce(asked)
    if ('because' in heard) throw new Error(heard.because)
    return heard
  },
})

/** Where the team's Prometheus is asked, as the configuration says. @throws PLM_SERIES_UNREACHABLE for want of a secret */
export async function placeAt(
  prometheus: PrometheusPlace,
  secrets: Secrets,
  timeoutMs: number,
): Promise<Place> {
  if (typeof prometheus === 'string') return placeOf(prometheus, openAccess, timeoutMs)
  const { url, ...config } = prometheus
  const access = await letIn(config, secrets)
  if ('because' in access) throw new PlimsollError('PLM_SERIES_UNREACHABLE', `${url}: ${access.because}`)
  return placeOf(url, access, timeoutMs)
}
