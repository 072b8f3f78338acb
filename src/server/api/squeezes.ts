import { z } from 'zod'
import {
  cancelRequest,
  doneAnswer,
  squeezeAnswer,
  squeezePlan,
  squeezeRequest,
  squeezesView,
  squeezeView,
  squeezeWishQuery,
} from '../../contract/index.ts'
import type { SqueezeCommand } from '../../deploy/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { readSqueeze, squeezeRef } from '../../flow/records.ts'
import { openSqueeze, orderSqueeze } from '../../flow/squeezes.ts'
import { PlimsollError } from '../../kernel/index.ts'
import { viewSqueezePlan } from '../views/squeeze-plan.ts'
import { viewSqueeze, viewSqueezes } from '../views/squeezes.ts'
import type { App } from './app.ts'
import { place } from './find.ts'

const byId = z.object({ id: z.string() })
const here = '/api/services/:service/environments/:environment/squeezes'

/** More requests for one instance, to know what it carries. */
export function squeezeRoutes(app: App, { world, runner }: Plimsoll): void {
  const stop = async (id: string, actor: string, reason: string) => {
    const command: SqueezeCommand = { is: 'stop', actor, reason }
    return { schemaVersion: 1 as const, done: await runner.tell(squeezeRef(id), command) }
  }
  app.get(
    `${here}/plan`,
    { schema: { params: place, querystring: squeezeWishQuery, response: { 200: squeezePlan } } },
    ({ params, query }) => viewSqueezePlan(world, params, query),
  )
  app.get(here, { schema: { params: place, response: { 200: squeezesView } } }, ({ params }) =>
    viewSqueezes(world, params),
  )
  app.post(
    here,
    { schema: { params: place, body: squeezeRequest, response: { 200: squeezeAnswer } } },
    async ({ params, body: { name, reason, ...wish }, actor }) => {
      const by = { name, actor, reason: reason ?? `wanted by ${actor}` }
      return {
        schemaVersion: 1 as const,
        squeeze: await orderSqueeze(world, runner, { ...params, ...by, wish }),
      }
    },
  )
  app.post(
    `${here}/stop`,
    { schema: { params: place, body: cancelRequest, response: { 200: doneAnswer } } },
    async ({ params, body: { reason }, actor }) => {
      const open = await openSqueeze(world, params)
      return open ? stop(open.id, actor, reason) : { schemaVersion: 1 as const, done: false }
    },
  )
  app.get(
    '/api/squeezes/:id',
    { schema: { params: byId, response: { 200: squeezeView } } },
    async ({ params: { id } }) => {
      const state = await readSqueeze(world.journal, id)
      if (!state) throw new PlimsollError('PLM_NOT_FOUND', `there is no squeeze ${id}`)
      return viewSqueeze(world, state)
    },
  )
  app.post(
    '/api/squeezes/:id/cancel',
    { schema: { params: byId, body: cancelRequest, response: { 200: doneAnswer } } },
    ({ params, body: { reason }, actor }) => stop(params.id, actor, reason),
  )
}
