import type { z } from 'zod'
import { type AheadView, aheadQuery, aheadView } from '../../contract/index.ts'
import { laneId } from '../../deploy/index.ts'
import { lookAhead, lookBack } from '../../flow/ahead.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { readLane } from '../../flow/records.ts'
import { viewAhead } from '../views/ahead.ts'
import type { App } from './app.ts'
import { type Place, place, releaseFor } from './find.ts'

type Wish = z.infer<typeof aheadQuery>

async function ahead(plimsoll: Plimsoll, at: Place, { kind, release: name, fix }: Wish): Promise<AheadView> {
  const { world } = plimsoll
  const turned =
    kind === 'rollback' && name === undefined ? await lookBack(world, at.service, at.environment) : undefined
  if (turned) return viewAhead(world, turned, turned.state.id)
  const lane = await readLane(world.journal, laneId(at.service, at.environment))
  const release = await releaseFor(plimsoll, at, { kind, release: name }, lane)
  const asked = { name: 'ahead', actor: 'somebody', reason: 'asked what would happen' }
  return viewAhead(world, await lookAhead(world, { ...at, ...asked, release, kind, fix }))
}

/** What would happen, before it is ordered. */
export function aheadRoutes(app: App, plimsoll: Plimsoll): void {
  app.get(
    '/api/services/:service/environments/:environment/plan',
    { schema: { params: place, querystring: aheadQuery, response: { 200: aheadView } } },
    ({ params, query }) => ahead(plimsoll, params, query),
  )
}
