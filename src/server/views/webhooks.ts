import type { ServicesView, WebhookView } from '../../contract/index.ts'
import { notifiersOf } from '../../flow/notifications.ts'
import { readNotifier } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import { type NotifierState, newNotifier, type Outgoing } from '../../notify/index.ts'

const failingOf = ({ failed, tries, cameAt, nextAt }: Outgoing): WebhookView['failing'] =>
  failed === undefined
    ? undefined
    : { because: failed, tries, since: cameAt, ...(nextAt === undefined ? {} : { nextAt }) }

function webhookView(state: NotifierState, on: readonly string[]): WebhookView {
  const { name, queue, delivered, deliveredAt, lost, givenUp } = state
  const failing = queue[0] && failingOf(queue[0])
  return {
    name,
    on: [...on],
    waits: queue.length,
    delivered,
    ...(deliveredAt === undefined ? {} : { deliveredAt }),
    ...(failing ? { failing } : {}),
    lost,
    givenUp: givenUp.map((one) => ({ ...one })),
  }
}

/** The webhooks that a service's configuration names. */
export async function viewWebhooks(world: World, service: string): Promise<WebhookView[]> {
  const configured = await notifiersOf(world, service)
  return Promise.all(
    configured.map(async ({ name, on }) =>
      webhookView((await readNotifier(world.journal, service, name)) ?? newNotifier(service, name), on),
    ),
  )
}

const dayMs = 86_400_000
const messages = (n: number): string => `${n} message${n === 1 ? '' : 's'}`

/** Who is not told of what happens, and why: somebody thinks that he would be. */
export function webhookTrouble(
  service: string,
  { name, waits, failing, givenUp }: WebhookView,
  now: number,
): ServicesView['wrong'] {
  const recent = givenUp.filter(({ at }) => now - at < dayMs)
  const texts = [
    ...(failing ? [`webhook ${name} is not reached: ${failing.because}; ${messages(waits)} on the way`] : []),
    ...(recent[0] ? [`webhook ${name} gave up ${messages(recent.length)}: ${recent[0].because}`] : []),
  ]
  return texts.map((text) => ({ text: `${service}: ${text}`, link: '/' }))
}
