import { z } from 'zod'
import { dropRef, type Repositories } from '../../changes/index.ts'
import {
  closeRequest,
  doneAnswer,
  extendRequest,
  leaveRequest,
  spikesView,
  spikeView,
  tryAnswer,
  tryRequest,
} from '../../contract/index.ts'
import { downKey, type SpikeCommand, type SpikeState, spikeId, upKey } from '../../deploy/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { readService, readSpike, spikeRef } from '../../flow/records.ts'
import { askTry, checkLife } from '../../flow/spikes.ts'
import type { Commands } from '../../host/index.ts'
import { type Json, PlimsollError } from '../../kernel/index.ts'
import { viewSpike, viewSpikes } from '../views/spikes.ts'
import type { App } from './app.ts'
import { changeFor } from './find.ts'
import { logQuery, sendLog } from './logs.ts'

type Deps = { readonly repositories: Repositories; readonly commands: Commands }

/** Reports of load tests hold every second of them. */
const longestReports = 8 << 20

const byId = z.object({ id: z.string() })
const inService = z.object({ service: z.string() })

/** Asks for a spike, and waits a moment until it is there to be looked at. */
function askRoutes(app: App, { world, runner }: Plimsoll, { repositories }: Deps): void {
  app.post(
    '/api/services/:service/tries',
    { schema: { params: inService, body: tryRequest, response: { 200: tryAnswer } } },
    async ({ params: { service }, body, actor }) => {
      if (!(await readService(world.journal, service)))
        throw new PlimsollError('PLM_NOT_FOUND', `there is no service ${service}`)
      const { commit, branch, name, ref, checks, question, lifeMs, number: wanted } = body
      const change = await changeFor(repositories, service, commit, branch)
      const { number, run } = await askTry(world, runner, {
        ...{ service, change: { ...change, at: world.clock.now() }, name, ref, actor, checks },
        ...(question === undefined ? {} : { question }),
        ...(lifeMs === undefined ? {} : { lifeMs }),
        ...(wanted === undefined ? {} : { number: wanted }),
      }).catch(async (error) => {
        // Nobody needs what was pushed for it.
        if (error instanceof PlimsollError) await dropRef(change.repository, ref)
        throw error
      })
      const spike = spikeId(service, number)
      const end = world.clock.now() + 5_000
      while (world.clock.now() < end && !(await readSpike(world.journal, spike)))
        await world.clock.until(world.clock.now() + 10)
      return { schemaVersion: 1 as const, spike, number, run }
    },
  )
}

/** Spikes: asked for, looked at, prolonged, and closed with an answer. */
export function spikeRoutes(app: App, plimsoll: Plimsoll, deps: Deps): void {
  const { world, runner } = plimsoll
  askRoutes(app, plimsoll, deps)
  const find = async (id: string): Promise<SpikeState> => {
    const state = await readSpike(world.journal, id)
    if (!state) throw new PlimsollError('PLM_NOT_FOUND', `there is no ${id}`)
    return state
  }
  const tell = async (id: string, command: SpikeCommand) => {
    if (await runner.tell(spikeRef(id), command)) return { schemaVersion: 1 as const, done: true }
    throw new PlimsollError('PLM_TRY_OVER', `${id} is over`)
  }
  app.get(
    '/api/services/:service/tries',
    { schema: { params: inService, response: { 200: spikesView } } },
    async ({ params: { service } }) => {
      if (!(await readService(world.journal, service)))
        throw new PlimsollError('PLM_NOT_FOUND', `there is no service ${service}`)
      return viewSpikes(world, service)
    },
  )
  app.get('/api/tries/:id', { schema: { params: byId, response: { 200: spikeView } } }, async ({ params }) =>
    viewSpike(world, await find(params.id)),
  )
  app.post(
    '/api/tries/:id/extend',
    { schema: { params: byId, body: extendRequest, response: { 200: doneAnswer } } },
    async ({ params: { id }, body: { lifeMs }, actor }) => {
      checkLife((await find(id)).settings, lifeMs)
      return tell(id, { is: 'extend', lifeMs, by: actor })
    },
  )
  app.post(
    '/api/tries/:id/close',
    {
      bodyLimit: longestReports,
      schema: { params: byId, body: closeRequest, response: { 200: doneAnswer } },
    },
    async ({ params: { id }, body: { answer, reports }, actor }) => {
      await find(id)
      const given = {
        by: actor,
        reports: reports as Json[],
        ...(answer === undefined ? {} : { text: answer }),
      }
      return tell(id, { is: 'close', answer: given })
    },
  )
  app.post(
    '/api/tries/:id/leave',
    { schema: { params: byId, body: leaveRequest, response: { 200: doneAnswer } } },
    async ({ params: { id }, body: { reason }, actor }) => {
      await find(id)
      return tell(id, { is: 'leave', by: `${actor} (${reason})` })
    },
  )
  app.get(
    '/api/tries/:id/commands/:which/log',
    { schema: { params: byId.extend({ which: z.enum(['up', 'down']) }), querystring: logQuery } },
    async ({ params: { id, which }, query }, reply) => {
      const state = await find(id)
      const key = which === 'up' ? upKey(state) : downKey(state, state.down?.attempt ?? 1)
      return sendLog(deps.commands, key, query, reply)
    },
  )
}
