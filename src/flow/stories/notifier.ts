import {
  type NotifierCommand,
  type NotifierConfig,
  type NotifierSeen,
  type NotifierState,
  notifier,
  type PostTarget,
  postKey,
} from '../../notify/index.ts'
import { readService } from '../records.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

const targetOf = ({ name: _, on: __, ...target }: NotifierConfig): PostTarget => target

async function see(world: World, state: NotifierState): Promise<NotifierSeen> {
  const found = state.sending === undefined ? 'absent' : await world.posts.find(postKey(state, state.sending))
  const config = (await readService(world.journal, state.service))?.guard?.config
  const own = config?.notify.find(({ name }) => name === state.name)
  return { found, target: own && targetOf(own), page: config?.alerts?.links }
}

/** What one notifier of a service is to be told. */
export const notifierStory = (world: World): Story<NotifierState, NotifierSeen, NotifierCommand> => ({
  machine: notifier,
  see: (state) => see(world, state),
})
