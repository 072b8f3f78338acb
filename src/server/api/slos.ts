import { z } from 'zod'
import { slosView } from '../../contract/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { readService } from '../../flow/records.ts'
import { PlimsollError } from '../../kernel/index.ts'
import { viewSlos } from '../views/slos.ts'
import type { App } from './app.ts'

/** What is left of what services promise, and what fires. */
export function sloRoutes(app: App, { world }: Plimsoll): void {
  app.get(
    '/api/slos',
    { schema: { querystring: z.object({ service: z.string().optional() }), response: { 200: slosView } } },
    async ({ query: { service } }) => {
      if (service !== undefined && !(await readService(world.journal, service)))
        throw new PlimsollError('PLM_NOT_FOUND', `there is no service ${service}`)
      return viewSlos(world, service)
    },
  )
}
