import { type FutureCommand, type FutureSeen, type FutureState, future } from '../../predict/index.ts'
import { futurePlacesIn } from '../futures.ts'
import { readService } from '../records.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

async function see(world: World, { service, environment }: FutureState): Promise<FutureSeen> {
  const config = (await readService(world.journal, service))?.guard?.config
  return { isLookedAt: config !== undefined && futurePlacesIn(config).includes(environment) }
}

/** Something of a service in an environment that is looked ahead at. */
export const futureStory = (world: World): Story<FutureState, FutureSeen, FutureCommand> => ({
  machine: future,
  see: (state) => see(world, state),
})
