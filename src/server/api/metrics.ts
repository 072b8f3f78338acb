import type { Plimsoll } from '../../flow/plimsoll.ts'
import { writeExposition } from '../../series/index.ts'
import type { Watching } from '../views/health.ts'
import { countEndings, ownMetrics } from '../views/own-metrics.ts'
import type { App } from './app.ts'

/** GET /metrics: what Plimsoll says of itself, in Prometheus' text format. */
export async function metricsRoutes(app: App, plimsoll: Plimsoll, watching: Watching): Promise<void> {
  const endings = await countEndings(plimsoll.world.journal)
  app.get('/metrics', { schema: { hide: true } }, async (_, reply) => {
    const families = await ownMetrics(plimsoll, watching, endings)
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(writeExposition(families))
  })
}
