import type { NotifierView, ServicesView } from '../../contract/index.ts'
import { notifiersOf } from '../../flow/notifications.ts'
import { readNotifier } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import { type NotifierConfig, type NotifierState, newNotifier, type Outgoing } from '../../notify/index.ts'

const failingOf = ({ failed, tries, cameAt, nextAt }: Outgoing): NotifierView['failing'] =>
  failed === undefined
    ? undefined
    : { because: failed, tries, since: cameAt, ...(nextAt === undefined ? {} : { nextAt }) }

function notifierView(state: NotifierState, { kind, on }: Pick<NotifierConfig, 'kind' | 'on'>): NotifierView {
  const { name, queue, delivered, deliveredAt, lost, givenUp } = state
  const failing = queue[0] && failingOf(queue[0])
  return {
    ...{ name, kind },
    on: [...on],
    waits: queue.length,
    delivered,
    ...(deliveredAt === undefined ? {} : { deliveredAt }),
    ...(failing ? { failing } : {}),
    lost,
    givenUp: givenUp.map((one) => ({ ...one })),
  }
}

/** The notifiers that a service's configuration names. */
export async function viewNotifiers(world: World, service: string): Promise<NotifierView[]> {
  const configured = await notifiersOf(world, service)
  return Promise.all(
    configured.map(async (one) =>
      notifierView(
        (await readNotifier(world.journal, service, one.name)) ?? newNotifier(service, one.name),
        one,
      ),
    ),
  )
}

const dayMs = 86_400_000
const messages = (n: number): string => `${n} message${n === 1 ? '' : 's'}`

/** Who is not told of what happens, and why: somebody thinks that he would be. */
export function notifierTrouble(
  service: string,
  { name, waits, failing, givenUp }: NotifierView,
  now: number,
): ServicesView['wrong'] {
  const recent = givenUp.filter(({ at }) => now - at < dayMs)
  const texts = [
    ...(failing
      ? [`notifier ${name} is not reached: ${failing.because}; ${messages(waits)} on the way`]
      : []),
    ...(recent[0] ? [`notifier ${name} gave up ${messages(recent.length)}: ${recent[0].because}`] : []),
  ]
  return texts.map((text) => ({ service, text: `${service}: ${text}`, link: '/' }))
}
