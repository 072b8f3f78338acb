import {
  type SqueezeCommand,
  type SqueezeSight,
  type SqueezeState,
  squeezeMachine,
} from '../../deploy/index.ts'
import { sightOf, squeezedBefore } from '../squeezes.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

/** One instance of an environment is asked more than the others, for a while. */
export const squeezeStory = (
  world: World,
  owner: string,
): Story<SqueezeState, SqueezeSight, SqueezeCommand> => ({
  machine: squeezeMachine,
  async see({ service, environment, phase }) {
    const of = { service, environment }
    const sight = { ...(await sightOf(world, of)), owner }
    return phase === 'waiting' ? { ...sight, before: await squeezedBefore(world, of) } : sight
  },
})
