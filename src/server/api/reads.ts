import { z } from 'zod'
import {
  changeView,
  deploymentView,
  releasesView,
  runsView,
  runView,
  servicesView,
} from '../../contract/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import type { Presence } from '../../flow/presence.ts'
import { deploymentRef, readDeployment, readRun, readService } from '../../flow/records.ts'
import { PlimsollError } from '../../kernel/index.ts'
import { viewChange } from '../views/change.ts'
import { viewDeployment } from '../views/deployment.ts'
import { runsOf } from '../views/records.ts'
import { viewReleases } from '../views/release-list.ts'
import { summariseRun, viewRun } from '../views/run.ts'
import { viewServices } from '../views/services.ts'
import { aheadRoutes } from './ahead.ts'
import type { App } from './app.ts'

const notFound = (what: string): PlimsollError => new PlimsollError('PLM_NOT_FOUND', `there is no ${what}`)
const inService = z.object({ service: z.string() })
const byId = z.object({ id: z.string() })

function serviceRoutes(app: App, { world }: Plimsoll, presence: Pick<Presence, 'trouble'>): void {
  const mustExist = async (service: string) => {
    if (!(await readService(world.journal, service))) throw notFound(`service ${service}`)
  }
  app.get('/api/services', { schema: { response: { 200: servicesView } } }, () =>
    viewServices(world, presence.trouble()),
  )
  app.get(
    '/api/services/:service/releases',
    { schema: { params: inService, response: { 200: releasesView } } },
    async ({ params }) => {
      await mustExist(params.service)
      return viewReleases(world, params.service)
    },
  )
  app.get(
    '/api/services/:service/runs',
    { schema: { params: inService, response: { 200: runsView } } },
    async ({ params }) => {
      await mustExist(params.service)
      return { schemaVersion: 1 as const, runs: (await runsOf(world, params.service)).map(summariseRun) }
    },
  )
  const inChange = inService.extend({ id: z.string().min(4) })
  app.get(
    '/api/services/:service/changes/:id',
    { schema: { params: inChange, response: { 200: changeView } } },
    async ({ params }) => {
      const view = await viewChange(world, params.service, params.id)
      if (!view) throw notFound(`change ${params.id} of ${params.service}`)
      return view
    },
  )
}

/** What can be looked at. */
export function readRoutes(app: App, plimsoll: Plimsoll, presence: Pick<Presence, 'trouble'>): void {
  const { world, runner } = plimsoll
  serviceRoutes(app, plimsoll, presence)
  aheadRoutes(app, plimsoll)
  app.get('/api/runs', { schema: { response: { 200: runsView } } }, async () => ({
    schemaVersion: 1 as const,
    runs: (await runsOf(world)).map(summariseRun),
  }))
  app.get('/api/runs/:id', { schema: { params: byId, response: { 200: runView } } }, async ({ params }) => {
    const run = await readRun(world.journal, params.id)
    if (!run) throw notFound(`run ${params.id}`)
    return viewRun(world, run)
  })
  app.get(
    '/api/deployments/:id',
    { schema: { params: byId, response: { 200: deploymentView } } },
    async ({ params }) => {
      const state = await readDeployment(world.journal, params.id)
      if (!state) throw notFound(`deployment ${params.id}`)
      return viewDeployment(world, state, runner.waitsFor(deploymentRef(params.id)))
    },
  )
}
