import { z } from 'zod'
import { comparisonView, doneAnswer, importAnswer, loadHistoryView } from '../../contract/index.ts'
import type { AllCommands } from '../../engine/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { comparisonRef, readComparison, readService } from '../../flow/records.ts'
import { PlimsollError } from '../../kernel/index.ts'
import { type CompareCommand, compareKey, comparisonEvidence } from '../../load/index.ts'
import { importComparison } from '../imports.ts'
import { viewComparison } from '../views/comparison.ts'
import { viewLoadHistory } from '../views/load-history.ts'
import { nameRelease } from '../views/releases.ts'
import type { App } from './app.ts'
import { logQuery, sendLog } from './logs.ts'

const byId = z.object({ id: z.string() })

const inService = z.object({ service: z.string() })

function historyRoutes(app: App, { world }: Plimsoll): void {
  const mustExist = async (service: string) => {
    const state = await readService(world.journal, service)
    if (!state) throw new PlimsollError('PLM_NOT_FOUND', `there is no service ${service}`)
    return state
  }
  app.get(
    '/api/services/:service/load',
    { schema: { params: inService, response: { 200: loadHistoryView } } },
    async ({ params }) => {
      await mustExist(params.service)
      return viewLoadHistory(world, params.service)
    },
  )
  app.post(
    '/api/services/:service/load/imports',
    { schema: { params: inService, body: comparisonEvidence, response: { 200: importAnswer } } },
    async ({ params: { service }, body, actor }) => {
      const { guard } = await mustExist(service)
      const gated = Object.entries(guard?.config.environments ?? {}).filter(([, { gates }]) =>
        gates.includes('loadLine'),
      )
      const { id, about } = await importComparison(world, service, gated.at(-1)?.[0] ?? '', body, actor)
      return {
        schemaVersion: 1 as const,
        evidence: id,
        release: await nameRelease(world, about.release),
        against: await nameRelease(world, about.against ?? about.release),
        text: body.text,
      }
    },
  )
}

/** Comparisons of releases under load. */
export function loadRoutes(app: App, plimsoll: Plimsoll, commands: AllCommands): void {
  const { world, runner } = plimsoll
  historyRoutes(app, plimsoll)
  const find = async (id: string) => {
    const state = await readComparison(world.journal, id)
    if (!state) throw new PlimsollError('PLM_NOT_FOUND', `there is no comparison ${id}`)
    return state
  }
  app.get(
    '/api/comparisons/:id',
    { schema: { params: byId, response: { 200: comparisonView } } },
    async ({ params }) => viewComparison(world, await find(params.id)),
  )
  app.post(
    '/api/comparisons/:id/cancel',
    { schema: { params: byId, response: { 200: doneAnswer } } },
    async ({ params, actor }) => {
      const command: CompareCommand = { is: 'cancel', actor }
      return { schemaVersion: 1 as const, done: await runner.tell(comparisonRef(params.id), command) }
    },
  )
  app.get(
    '/api/comparisons/:id/log',
    { schema: { params: byId, querystring: logQuery } },
    async ({ params, query }, reply) => {
      const { id, tries } = await find(params.id)
      return sendLog(commands, compareKey(id, Math.max(1, tries)), query, reply)
    },
  )
}
