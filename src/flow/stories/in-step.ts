import { inStepWatch, type WatchCommand, type WatchSight, type WatchState } from '../../deploy/index.ts'
import { seeDrift } from '../in-step.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

/** Whether an environment that follows another is in step with it. */
export const inStepStory = (world: World): Story<WatchState, WatchSight, WatchCommand> => ({
  machine: inStepWatch,
  see: ({ service, environment }) => seeDrift(world, service, environment),
})
