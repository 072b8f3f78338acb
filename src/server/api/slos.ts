import { z } from 'zod'
import { type ReplayRequest, replayRequest, replayView, slosView } from '../../contract/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { readService } from '../../flow/records.ts'
import { PlimsollError, schemaProblem } from '../../kernel/index.ts'
import { slosConfig } from '../../watch/index.ts'
import { type Proposal, viewReplay } from '../views/replay.ts'
import { viewSlos } from '../views/slos.ts'
import type { App } from './app.ts'

const byService = z.object({ service: z.string() })

/** @throws PLM_USAGE, naming what is wrong with them */
function proposalsIn(promises: ReplayRequest['promises']): readonly Proposal[] {
  const slos = slosConfig.safeParse(promises.map(({ slo }) => slo))
  if (!slos.success)
    throw new PlimsollError(
      'PLM_USAGE',
      slos.error.issues.map(({ path, message }) => schemaProblem(['promises', ...path], message)),
    )
  return slos.data.map((slo, i) => ({ slo, environment: promises[i]?.environment ?? '' }))
}

/** What is left of what services promise, and what fires. */
export function sloRoutes(app: App, { world }: Plimsoll): void {
  app.post(
    '/api/services/:service/slos/replay',
    { schema: { params: byService, body: replayRequest, response: { 200: replayView } } },
    async ({ params: { service }, body: { days, promises } }) => {
      const state = await readService(world.journal, service)
      if (!state) throw new PlimsollError('PLM_NOT_FOUND', `there is no service ${service}`)
      return viewReplay(world, state, proposalsIn(promises), days)
    },
  )
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
