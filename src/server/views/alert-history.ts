import { zoneOf } from '../../config/zones.ts'
import type { AlertHistory, Receiver, ToldView } from '../../contract/index.ts'
import { notifiersOf } from '../../flow/notifications.ts'
import { readAlerts, readNotifier } from '../../flow/records.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import type { NotifierState } from '../../notify/index.ts'
import type { Told } from '../../watch/index.ts'
import { type AlertFilter, servicesIn } from './alerts.ts'

type Outbox = { readonly name: string; readonly kind: string; readonly state: NotifierState }

/** What became of a message in one outbox; undefined when it never came there. */
function receiverOf({ name, kind, state }: Outbox, id: string): Receiver | undefined {
  const told = state.told?.find((one) => one.id === id)
  if (told) {
    const { at, tries, but } = told
    return { name, kind, is: 'told', at, tries, ...(but === undefined ? {} : { because: but }) }
  }
  const lost = state.givenUp.find((one) => one.id === id)
  if (lost) return { name, kind, is: 'givenUp', at: lost.at, tries: lost.tries, because: lost.because }
  const waits = state.queue.find(({ body }) => body.id === id)
  if (!waits) return undefined
  const { tries, failed } = waits
  return { name, kind, is: 'waiting', tries, ...(failed === undefined ? {} : { because: failed }) }
}

/** `production/availability/1h` → `production` */
const environmentOf = (alert: string): string => alert.split('/')[0] ?? ''

function toldView(
  { name: service, guard }: ServiceState,
  { id, at, type, text, alerts }: Told,
  outboxes: readonly Outbox[],
): ToldView[] {
  // That all this works is not history.
  if (type === 'watch.alive') return []
  const receivers = outboxes.flatMap((one) => receiverOf(one, id) ?? [])
  const environments = [...new Set(alerts.map(environmentOf))]
  return [{ id, at, service, timeZone: zoneOf(guard?.config), environments, type, text, receivers }]
}

async function viewService(world: World, service: ServiceState): Promise<readonly ToldView[]> {
  const outboxes = await Promise.all(
    (await notifiersOf(world, service.name)).map(async ({ name, kind }) => {
      const state = await readNotifier(world.journal, service.name, name)
      return state ? [{ name, kind, state }] : []
    }),
  )
  const { history = [] } = (await readAlerts(world.journal, service.name)) ?? {}
  return history.flatMap((told) => toldView(service, told, outboxes.flat()))
}

/** Who was told what and when, newest first. */
export async function viewAlertHistory(
  world: World,
  { service, environment }: AlertFilter,
): Promise<AlertHistory> {
  const services = await servicesIn(world, service)
  const all = await Promise.all(services.map((one) => viewService(world, one)))
  const told = all
    .flat()
    .filter(({ environments }) => environment === undefined || environments.includes(environment))
    .sort((a, b) => b.at - a.at)
  return { schemaVersion: 1, at: world.clock.now(), told }
}
