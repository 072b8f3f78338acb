import { type LaneCommand, type LaneState, lane } from '../../deploy/index.ts'
import type { Story } from '../story.ts'

/** An environment and who may change it. It needs to see nothing: it is told. */
export const environmentStory = (): Story<LaneState, undefined, LaneCommand> => ({
  machine: lane,
  see: async () => undefined,
})
