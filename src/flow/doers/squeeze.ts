import type { Doer } from '../story.ts'
import type { TrafficOrder, World } from '../world.ts'
import { applyOrder } from './deployment.ts'

type Spec = TrafficOrder & { readonly fence: number; readonly owner?: string }

/**
 * @param owner of this server: what an earlier one has left undone is done evenly, so that the first thing after a crash is
 *   that nobody is squeezed
 */
export const squeezeDoers = (world: World, owner: string): Readonly<Record<string, Doer>> => ({
  'squeeze.apply': ({ spec }) => {
    const { owner: by, squeeze, ...even } = spec as unknown as Spec
    return applyOrder(world, squeeze && by === owner ? { ...even, squeeze } : even)
  },
})
