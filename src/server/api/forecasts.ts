import { z } from 'zod'
import { forecastsView } from '../../contract/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { readService } from '../../flow/records.ts'
import { PlimsollError } from '../../kernel/index.ts'
import { createForecasts } from '../views/forecasts.ts'
import type { App } from './app.ts'

const querystring = z.object({ service: z.string().optional(), environment: z.string().optional() })

/** The requests that are to come, when they are more than is carried, and how such forecasts fared. */
export function forecastRoutes(app: App, { world }: Plimsoll): void {
  const forecasts = createForecasts(world)
  const routes = [
    ['/api/forecasts', false],
    ['/api/forecasts/backtests', true],
  ] as const
  for (const [path, withBacktest] of routes)
    app.get(path, { schema: { querystring, response: { 200: forecastsView } } }, async ({ query }) => {
      const { service } = query
      if (service !== undefined && !(await readService(world.journal, service)))
        throw new PlimsollError('PLM_NOT_FOUND', `there is no service ${service}`)
      return forecasts.view(query, withBacktest)
    })
}
