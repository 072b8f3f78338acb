import type { FutureState, ThingSeen } from '../../predict/index.ts'
import { readFutures } from '../records.ts'
import type { World } from '../world.ts'
import type { ForecastPlace } from './places.ts'

function thingOf({ kind, name, finding, foundAt = 0, ticket }: FutureState): ThingSeen {
  const foreseen = finding?.is === 'foreseen' ? finding : undefined
  const date = foreseen?.crossing.date
  return {
    ...{ kind, name, hasTicket: ticket.isOpen },
    ...(date === undefined ? {} : { date }),
    hasCome: foreseen?.isThere ?? (date !== undefined && date <= foundAt),
  }
}

/** What is seen coming in a place, as it was found last. */
export async function thingsIn(
  world: World,
  { service, environment }: ForecastPlace,
): Promise<readonly ThingSeen[]> {
  const all = await readFutures(world.journal)
  return all
    .filter((one) => one.service === service && one.environment === environment && one.finding)
    .map(thingOf)
}
