import type { Instances } from '../../flow/world.ts'
import { askOnce } from '../../watch/index.ts'

/** The judge looks once a second: whoever takes longer is not waited for. */
const timeoutMs = 800
/** More than this no service has to say. */
const longestBytes = 4 * 2 ** 20
const accept = 'text/plain;version=0.0.4'

/** Asks an instance on this machine for its metrics, in Prometheus' text format. Each time on a connection of its own. */
export const scrape: Instances['scrape'] = async (port, path, access) => {
  const url = `http://127.0.0.1:${port}${path}`
  const heard = await askOnce({ url, headers: { accept }, access, timeoutMs, longestBytes })
  if ('because' in heard) return { because: `${path} ${heard.because}` }
  return heard.status === 200 ? { text: heard.text } : { because: `${path} answered ${heard.status}` }
}
