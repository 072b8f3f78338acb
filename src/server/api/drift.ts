import { driftView } from '../../contract/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { PlimsollError } from '../../kernel/index.ts'
import { viewInStep } from '../views/drift.ts'
import type { App } from './app.ts'
import { place } from './find.ts'

/** How environments in step differ from those that they follow. */
export function driftRoutes(app: App, { world }: Plimsoll): void {
  app.get(
    '/api/services/:service/environments/:environment/drift',
    { schema: { params: place, response: { 200: driftView } } },
    async ({ params: { service, environment } }) => {
      const view = await viewInStep(world, service, environment)
      if (!view)
        throw new PlimsollError(
          'PLM_NOT_FOUND',
          `${service} has no environment ${environment} in step with another`,
        )
      return { schemaVersion: 1 as const, service, environment, ...view }
    },
  )
}
