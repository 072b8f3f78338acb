import { z } from 'zod'
import { futuresView } from '../../contract/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { readService } from '../../flow/records.ts'
import { PlimsollError } from '../../kernel/index.ts'
import { viewFutures } from '../views/futures.ts'
import type { App } from './app.ts'

/** What is seen coming. */
export function futuresRoutes(app: App, { world }: Plimsoll): void {
  const query = z.object({ service: z.string().optional() })
  app.get(
    '/api/futures',
    { schema: { querystring: query, response: { 200: futuresView } } },
    async ({ query: { service } }) => {
      if (service !== undefined && !(await readService(world.journal, service)))
        throw new PlimsollError('PLM_NOT_FOUND', `there is no service ${service}`)
      return viewFutures(world, service)
    },
  )
}
