import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  cancelRequest,
  doneAnswer,
  loadTestAnswer,
  loadTestRequest,
  loadTestView,
} from '../../contract/index.ts'
import { type LifeCommand, lifeId } from '../../deploy/index.ts'
import type { AllCommands } from '../../engine/index.ts'
import { orderLoadTest } from '../../flow/load-tests.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { inStepRef, loadTestRef, readLoadTest, readWatch } from '../../flow/records.ts'
import { PlimsollError } from '../../kernel/index.ts'
import { viewLoadTest } from '../views/load-test.ts'
import type { App } from './app.ts'
import { type Place, place } from './find.ts'
import { logQuery, sendLog } from './logs.ts'

const byId = z.object({ id: z.string() })

/** Asks for one; its record is made right after, and whoever asked wants to look at it. */
async function order(plimsoll: Plimsoll, { service, environment }: Place, actor: string, reason: string) {
  const { world, runner } = plimsoll
  const name = randomUUID()
  await orderLoadTest(world, runner, {
    ...{ name, service, environment, actor, reason },
    cause: 'person',
    measures: true,
  })
  const watch = await readWatch(world.journal, inStepRef(service, environment))
  const behind = watch?.orders.indexOf(name) ?? 0
  const id = lifeId(service, environment, (watch?.tests ?? 0) - behind)
  const end = world.clock.now() + 5_000
  while (world.clock.now() < end && !(await readLoadTest(world.journal, id)))
    await world.clock.until(world.clock.now() + 10)
  return id
}

/** Load tests of environments. */
export function loadTestRoutes(app: App, plimsoll: Plimsoll, commands: AllCommands): void {
  const { world, runner } = plimsoll
  const find = async (id: string) => {
    const state = await readLoadTest(world.journal, id)
    if (!state) throw new PlimsollError('PLM_NOT_FOUND', `there is no load test ${id}`)
    return state
  }
  app.post(
    '/api/services/:service/environments/:environment/load-tests',
    { schema: { params: place, body: loadTestRequest, response: { 200: loadTestAnswer } } },
    async ({ params, body, actor }) => ({
      schemaVersion: 1 as const,
      loadTest: await order(plimsoll, params, actor, body.reason ?? `wanted by ${actor}`),
    }),
  )
  app.get(
    '/api/load-tests/:id',
    { schema: { params: byId, response: { 200: loadTestView } } },
    async ({ params }) => viewLoadTest(world, await find(params.id), runner.waitsFor(loadTestRef(params.id))),
  )
  app.post(
    '/api/load-tests/:id/cancel',
    { schema: { params: byId, body: cancelRequest, response: { 200: doneAnswer } } },
    async ({ params, body: { reason }, actor }) => {
      const command: LifeCommand = { is: 'cancel', actor, reason }
      return { schemaVersion: 1 as const, done: await runner.tell(loadTestRef(params.id), command) }
    },
  )
  app.get(
    '/api/load-tests/:id/log',
    { schema: { params: byId, querystring: logQuery.extend({ step: z.string().optional() }) } },
    async ({ params, query }, reply) => {
      const { id } = await find(params.id)
      const step = query.step ?? 'test'
      // The newest try is the one that people want to read.
      for (const attempt of [3, 2])
        if ((await commands.find(`loadTest/${id}/${step}/${attempt}`)) !== 'absent')
          return sendLog(commands, `loadTest/${id}/${step}/${attempt}`, query, reply)
      return sendLog(commands, `loadTest/${id}/${step}/1`, query, reply)
    },
  )
}
