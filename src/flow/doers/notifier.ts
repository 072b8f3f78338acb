import type { PostSpec } from '../../notify/index.ts'
import type { Doer } from '../story.ts'
import type { World } from '../world.ts'

export const notifierDoers = (world: World): Readonly<Record<string, Doer>> => ({
  'post.start': ({ key, spec }) => world.posts.start(key, spec as unknown as PostSpec),
})
