import { z } from 'zod'
import { headroomView } from '../../contract/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { readService } from '../../flow/records.ts'
import { PlimsollError } from '../../kernel/index.ts'
import { viewHeadroom } from '../views/headroom.ts'
import type { App } from './app.ts'

/** How far load stays below what runs carries. */
export function headroomRoutes(app: App, { world }: Plimsoll): void {
  const query = z.object({ service: z.string().optional() })
  app.get(
    '/api/headroom',
    { schema: { querystring: query, response: { 200: headroomView } } },
    async ({ query: { service } }) => {
      if (service !== undefined && !(await readService(world.journal, service)))
        throw new PlimsollError('PLM_NOT_FOUND', `there is no service ${service}`)
      return viewHeadroom(world, service)
    },
  )
}
