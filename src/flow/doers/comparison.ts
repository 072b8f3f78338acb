import type { Key } from '../../kernel/index.ts'
import type { CompareStart } from '../../load/index.ts'
import type { Doer } from '../story.ts'
import type { World } from '../world.ts'

export const comparisonDoers = (world: World): Readonly<Record<string, Doer>> => ({
  'comparison.start': ({ key, spec }) => world.comparisons.start(key, spec as unknown as CompareStart),
  'comparison.cancel': ({ spec }) => {
    const { key, graceMs } = spec as { key: Key; graceMs: number }
    return world.comparisons.cancel(key, graceMs)
  },
  'comparison.tidy': ({ spec }) => world.comparisons.tidy((spec as { id: string }).id),
})
