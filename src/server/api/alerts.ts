import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { zoneOf } from '../../config/zones.ts'
import {
  alertHistory,
  alertsView,
  doneAnswer,
  type SilenceRequest,
  type SilenceView,
  silenceAnswer,
  silenceRequest,
} from '../../contract/index.ts'
import { allTold } from '../../flow/futures.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { alertsRef, readAlerts } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import { type Json, PlimsollError } from '../../kernel/index.ts'
import { type AlertsState, newAlerts, silenceFor } from '../../watch/index.ts'
import { viewAlertHistory } from '../views/alert-history.ts'
import { type AlertFilter, placesOf, servicesIn, silenceView, viewAlerts } from '../views/alerts.ts'
import type { App } from './app.ts'

/** Nobody should take for quiet what is only written wrongly. */
async function mustPromise(world: World, { service, environment }: AlertFilter) {
  const services = await servicesIn(world, service)
  if (service !== undefined && services.length === 0)
    throw new PlimsollError('PLM_NOT_FOUND', `there is no service ${service}`)
  const told = await allTold(world)
  const known = services.flatMap((one) => placesOf(one, told).environments)
  if (environment !== undefined && !known.includes(environment))
    throw new PlimsollError(
      'PLM_NOT_FOUND',
      `nothing is promised in ${environment}${service === undefined ? '' : ` of ${service}`}`,
    )
  return services
}

/** A name of a silence: short enough to be typed. */
const newId = (): string => randomUUID().slice(0, 8)

async function silence(
  { world, runner }: Plimsoll,
  service: string,
  wish: SilenceRequest,
  by: string,
): Promise<SilenceView> {
  const [of] = await mustPromise(world, { service })
  const state = (await readAlerts(world.journal, service)) ?? newAlerts(service)
  const found = silenceFor(
    wish,
    { id: newId(), by },
    placesOf(of ?? {}, await allTold(world)),
    state,
    world.clock.now(),
  )
  if ('problems' in found) throw new PlimsollError('PLM_USAGE', found.problems)
  await runner.create(alertsRef(service), newAlerts(service) as unknown as Json)
  await runner.tell(alertsRef(service), { is: 'silence', silence: found.silence })
  return silenceView(state, found.silence, zoneOf(of?.guard?.config))
}

/** Whose silence it is. @throws PLM_NOT_FOUND */
async function serviceOfSilence(world: World, id: string): Promise<string> {
  const all = (await world.journal.list({ kind: 'alerts' })).map(
    ({ state }) => state as unknown as AlertsState,
  )
  const found = all.find(({ silences }) => silences.some((one) => one.id === id))
  if (found) return found.service
  throw new PlimsollError('PLM_NOT_FOUND', `there is no silence ${id}: it may be over`)
}

/** What fires, what is kept silent, and who was told. */
export function alertRoutes(app: App, plimsoll: Plimsoll): void {
  const { world, runner } = plimsoll
  const querystring = z.object({ service: z.string().optional(), environment: z.string().optional() })
  app.get('/api/alerts', { schema: { querystring, response: { 200: alertsView } } }, async ({ query }) => {
    await mustPromise(world, query)
    return viewAlerts(world, query)
  })
  app.get(
    '/api/alerts/history',
    { schema: { querystring, response: { 200: alertHistory } } },
    async ({ query }) => {
      await mustPromise(world, query)
      return viewAlertHistory(world, query)
    },
  )
  app.post(
    '/api/services/:service/silences',
    {
      schema: {
        params: z.object({ service: z.string() }),
        body: silenceRequest,
        response: { 200: silenceAnswer },
      },
    },
    async ({ params: { service }, body, actor }) => ({
      schemaVersion: 1 as const,
      silence: await silence(plimsoll, service, body, actor),
    }),
  )
  app.delete(
    '/api/silences/:id',
    { schema: { params: z.object({ id: z.string() }), response: { 200: doneAnswer } } },
    async ({ params: { id }, actor }) => {
      const service = await serviceOfSilence(world, id)
      const done = await runner.tell(alertsRef(service), { is: 'unsilence', id, by: actor })
      return { schemaVersion: 1 as const, done }
    },
  )
}
