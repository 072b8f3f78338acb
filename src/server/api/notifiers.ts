import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { doneAnswer, notifiersView } from '../../contract/index.ts'
import { handOver, notifiersOf } from '../../flow/notifications.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { readService } from '../../flow/records.ts'
import { nearest, PlimsollError } from '../../kernel/index.ts'
import { viewNotifiers } from '../views/notifiers.ts'
import type { App } from './app.ts'

async function mustExist({ world }: Plimsoll, service: string, name?: string): Promise<void> {
  if (!(await readService(world.journal, service)))
    throw new PlimsollError('PLM_NOT_FOUND', `there is no service ${service}`)
  if (name === undefined) return
  const names = (await notifiersOf(world, service)).map((one) => one.name)
  if (names.includes(name)) return
  const meant = nearest(name, names)
  const text = `${service} has no notifier ${name}; it has ${names.join(', ') || 'none'}`
  throw new PlimsollError('PLM_NOT_FOUND', [{ text, ...(meant ? { didYouMean: meant } : {}) }])
}

/** How notifiers fare, and a message to try one. */
export function notifierRoutes(app: App, plimsoll: Plimsoll): void {
  const { world, runner } = plimsoll
  const inService = z.object({ service: z.string() })
  app.get(
    '/api/services/:service/notifiers',
    { schema: { params: inService, response: { 200: notifiersView } } },
    async ({ params: { service } }) => {
      await mustExist(plimsoll, service)
      return { schemaVersion: 1 as const, service, notifiers: await viewNotifiers(world, service) }
    },
  )
  app.post(
    '/api/services/:service/notifiers/:name/test',
    { schema: { params: inService.extend({ name: z.string() }), response: { 200: doneAnswer } } },
    async ({ params: { service, name }, actor }) => {
      await mustExist(plimsoll, service, name)
      const body = {
        schemaVersion: 1 as const,
        id: `${service}.ping.${randomUUID()}`,
        type: 'ping' as const,
        at: new Date(world.clock.now()).toISOString(),
        service,
        text: `${actor} tries notifier ${name} of ${service}`,
        page: '/',
      }
      await handOver(runner, service, name, { is: 'ping', body })
      return { schemaVersion: 1 as const, done: true }
    },
  )
}
