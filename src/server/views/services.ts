import type { ServicesView } from '../../contract/index.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import { whatChanged } from './changed.ts'
import { notifierTrouble } from './notifiers.ts'
import { deploymentsOf, recent, runsOf } from './records.ts'
import { serviceRow } from './service-row.ts'
import { endingSoon, leftBehind } from './spikes.ts'
import { secretsAwaited, whatWaits } from './waiting.ts'
import { whatIsWrong } from './wrong.ts'

/** What happens is not written down: nothing new begins, and who is told of nothing thinks that all is well. */
const cannotWrite = (trouble: string | undefined) =>
  trouble === undefined
    ? []
    : [{ text: `Plimsoll cannot write what happens (${trouble}), so that nothing new begins`, link: '/' }]

/** The services page. @param trouble why nothing can be written, while nothing can */
export async function viewServices(world: World, trouble?: string): Promise<ServicesView> {
  const now = world.clock.now()
  const records = await world.journal.list({ kind: 'service', limit: recent })
  const [runs, deployments] = await Promise.all([runsOf(world), deploymentsOf(world)])
  const states = records
    .map((record) => record.state as unknown as ServiceState)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const services = await Promise.all(states.map((service) => serviceRow(world, service, runs)))
  return {
    schemaVersion: 1,
    at: now,
    wrong: [
      ...cannotWrite(trouble),
      ...whatIsWrong(services),
      ...services.flatMap(({ spikes }) => leftBehind(spikes)),
      ...services.flatMap(({ name, notifiers }) =>
        notifiers.flatMap((one) => notifierTrouble(name, one, now)),
      ),
    ],
    changed: await whatChanged(world, runs, deployments, now),
    waiting: [
      ...whatWaits(services),
      ...(await Promise.all(states.map((service) => secretsAwaited(world, service)))).flat(),
      ...services.flatMap(({ spikes }) => endingSoon(spikes, now)),
    ],
    services,
  }
}
