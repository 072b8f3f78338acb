import { type ForetoldCommand, type ForetoldState, foretold } from '../../predict/index.ts'
import type { Story } from '../story.ts'

/** What was forecast for a service in an environment, and how that fared. */
export const foretoldStory = (): Story<ForetoldState, undefined, ForetoldCommand> => ({
  machine: foretold,
  see: async () => undefined,
})
