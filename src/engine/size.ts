import type { InstanceSize } from '../kernel/index.ts'
import type { Engine } from './engine.ts'
import type { LiveGroup } from './live-group.ts'

/** What the containers of a group may use, as the engine made them; undefined when not all of them are there. */
export async function sizeOfGroup(
  engine: Pick<Engine, 'limits'>,
  { kept, looks }: Pick<LiveGroup, 'kept' | 'looks'>,
): Promise<InstanceSize | undefined> {
  const looked = kept.containers.map(async ({ name, essential }) => {
    const id = looks.get(name)?.id
    const limits = id === undefined ? undefined : await engine.limits(id)
    return limits && ([name, { ...limits, essential }] as const)
  })
  const known = (await Promise.all(looked)).filter((one) => one !== undefined)
  if (known.length === 0 || known.length < kept.containers.length) return undefined
  return { is: 'containers', containers: Object.fromEntries(known) }
}
