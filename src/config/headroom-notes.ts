import { sizeInStep } from '../deploy/index.ts'
import { type Finding, finding } from './finding.ts'
import type { ServiceConfig } from './schema.ts'

type Environments = ServiceConfig['environments']

/** Sizes at which an environment's load line is measured; undefined when the team says how it grows with them. */
function sizesOf(environments: Environments, leader: string): readonly number[] | undefined {
  const { instances = 1 } = environments[leader] ?? {}
  const followers = Object.values(environments).filter(
    // What has limits of its own is measured for another size.
    ({ inStepWith, loadTest, limits }) => inStepWith === leader && loadTest && !limits,
  )
  if (followers.some(({ scales }) => scales !== undefined)) return undefined
  return [...new Set(followers.map(({ size = 1 }) => sizeInStep(instances, { size })))]
}

/**
 * Gates that can never tell: what was measured with fewer instances says nothing of more, unless at two sizes. Not refused,
 * since an environment may be made larger by the time.
 */
export const findOneSize = ({ environments }: Pick<ServiceConfig, 'environments'>): readonly Finding[] =>
  Object.entries(environments).flatMap(([name, { gates, instances }]) =>
    gates.flatMap((gate, index) => {
      if (typeof gate === 'string' || gate.kind !== 'headroom') return []
      const sizes = sizesOf(environments, name)
      const [only] = sizes ?? []
      if (only === undefined || sizes?.length !== 1 || only >= instances) return []
      const text = `is 'headroom', which cannot tell what ${instances} instances carry by what ${only} do: measure at a second size, or say scales: 'why it carries in proportion'`
      return [finding(['environments', name, 'gates', index], text)]
    }),
  )
