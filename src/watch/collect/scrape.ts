import type { Access } from '../access/access.ts'
import { askOnce } from '../access/ask.ts'
import type { Answer } from './plan/scraped.ts'

const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'

/**
 * Asks a target for its metrics, each time on a connection of its own.
 * @param timeoutMs of the whole answer
 * @param longestBytes of what it may say
 */
export async function scrape(
  url: string,
  timeoutMs: number,
  longestBytes: number,
  access?: Access,
): Promise<Answer> {
  const begun = performance.now()
  const asked = { url, headers: { accept }, timeoutMs, longestBytes, ...(access ? { access } : {}) }
  const heard = await askOnce(asked)
  const tookMs = performance.now() - begun
  if ('because' in heard) return { because: heard.because, tookMs }
  if (heard.status !== 200) return { because: `answered ${heard.status}`, tookMs }
  const isOpen = heard.type.startsWith('application/openmetrics-text')
  return { text: heard.text, format: isOpen ? 'openmetrics' : 'prometheus', tookMs }
}
