import {
  type NotifierCommand,
  type NotifierSeen,
  type NotifierState,
  notifier,
  postKey,
} from '../../notify/index.ts'
import { webhooksOf } from '../notifications.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

async function see(world: World, state: NotifierState): Promise<NotifierSeen> {
  const found = state.sending === undefined ? 'absent' : await world.posts.find(postKey(state, state.sending))
  const config = (await webhooksOf(world, state.service)).find(({ name }) => name === state.name)
  return { found, target: config && { url: config.url, key: config.key } }
}

/** What one webhook of a service is to be told. */
export const notifierStory = (world: World): Story<NotifierState, NotifierSeen, NotifierCommand> => ({
  machine: notifier,
  see: (state) => see(world, state),
})
