import { historyAnswer, historyRequest } from '../../contract/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { readService } from '../../flow/records.ts'
import { PlimsollError } from '../../kernel/index.ts'
import type { SeriesStore } from '../../series/index.ts'
import { bringHistory } from '../../watch/index.ts'
import { keepBackFilled } from '../views/back-filled.ts'
import type { App } from './app.ts'
import { place } from './find.ts'

/** A month of a dozen series, read four times a minute. */
const bodyLimit = 64 << 20

/** What another tool knows of an environment, from before it was watched here. */
export function historyRoutes(app: App, { world }: Plimsoll, series: SeriesStore): void {
  app.post(
    '/api/services/:service/environments/:environment/history',
    { bodyLimit, schema: { params: place, body: historyRequest, response: { 200: historyAnswer } } },
    async ({ params, body, actor }) => {
      const { service, environment } = params
      const config = (await readService(world.journal, service))?.guard?.config
      if (!config?.environments[environment])
        throw new PlimsollError('PLM_NOT_FOUND', `${service} has no environment ${environment}`)
      const told = await bringHistory(series, body.series, params, world.clock.now())
      world.budgets.recount(service, environment)
      world.loads.recount(params)
      await keepBackFilled(world.journal, params, { from: told.from, until: told.until, by: actor })
      return { schemaVersion: 1 as const, ...told }
    },
  )
}
