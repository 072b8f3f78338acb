import { Readable } from 'node:stream'
import { z } from 'zod'
import { laneId } from '../../deploy/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { readService } from '../../flow/records.ts'
import { PlimsollError } from '../../kernel/index.ts'
import type { GatewayHost } from '../world/gateways.ts'
import type { App } from './app.ts'
import { place } from './find.ts'

const query = z.object({
  last: z.coerce.number().int().min(0).max(1_000_000).default(100),
  follow: z.string().optional(),
})

const off = (environment: string): string =>
  `${environment} writes no access log; gateway: { accessLog: true } turns it on with its next deployment`

/** The access log of an environment: lines of JSON, the last ones or those that come. */
export function requestRoutes(app: App, { world }: Plimsoll, gateways: Pick<GatewayHost, 'requests'>): void {
  app.get(
    '/api/services/:service/environments/:environment/requests',
    { schema: { params: place, querystring: query } },
    async ({ params: { service, environment }, query: { last, follow } }, reply) => {
      const found = (await readService(world.journal, service))?.guard?.config.environments[environment]
      if (!found)
        throw new PlimsollError('PLM_NOT_FOUND', `there is no environment ${laneId(service, environment)}`)
      if (!found.gateway.accessLog)
        throw new PlimsollError('PLM_NOT_FOUND', off(laneId(service, environment)))
      const gone = new AbortController()
      reply.raw.on('close', () => gone.abort())
      const wanted = { last, goesOn: follow !== undefined && follow !== '0' }
      const lines = gateways.requests(laneId(service, environment), wanted, gone.signal)
      return reply
        .type('application/jsonl; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(Readable.from(lines, { objectMode: false }))
    },
  )
}
