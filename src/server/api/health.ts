import { z } from 'zod'
import { healthHistory, healthView } from '../../contract/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { readService } from '../../flow/records.ts'
import { PlimsollError } from '../../kernel/index.ts'
import { viewHealth, viewHealthHistory, type Watching } from '../views/health.ts'
import type { App } from './app.ts'
import { place } from './find.ts'

const span = z.object({ minutes: z.coerce.number().int().min(1).max(10_080).default(60) })

/** How services are now, and how they were lately. */
export function healthRoutes(app: App, { world }: Plimsoll, watching: Watching): void {
  app.get(
    '/api/health',
    { schema: { querystring: z.object({ service: z.string().optional() }), response: { 200: healthView } } },
    async ({ query: { service } }) => {
      if (service !== undefined && !(await readService(world.journal, service)))
        throw new PlimsollError('PLM_NOT_FOUND', `there is no service ${service}`)
      return viewHealth(world, watching, service)
    },
  )
  app.get(
    '/api/services/:service/environments/:environment/health',
    { schema: { params: place, querystring: span, response: { 200: healthHistory } } },
    async ({ params: { service, environment }, query: { minutes } }) => {
      const config = (await readService(world.journal, service))?.guard?.config
      if (!config?.environments[environment] && !config?.watch.elsewhere[environment])
        throw new PlimsollError('PLM_NOT_FOUND', `${service} has no environment ${environment}`)
      return viewHealthHistory(world, watching, { service, environment, config }, minutes * 60_000)
    },
  )
}
