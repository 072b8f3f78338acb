import type { Key } from '../kernel/index.ts'
import { labelOf } from './create-body.ts'
import type { Engine } from './engine.ts'
import type { ContainerSeen } from './shapes.ts'

/** Containers that are there, by the key of their group and their name in it. */
export type GroupsThere = ReadonlyMap<Key, ReadonlyMap<string, ContainerSeen>>

function byGroup(all: readonly ContainerSeen[]): GroupsThere {
  const groups = new Map<Key, Map<string, ContainerSeen>>()
  for (const one of all) {
    const key = one.labels[labelOf.key] ?? ''
    const group = groups.get(key) ?? new Map<string, ContainerSeen>()
    groups.set(key, group.set(one.labels[labelOf.container] ?? '', one))
  }
  return groups
}

/** All containers of one Plimsoll. */
export const listGroups = async (engine: Pick<Engine, 'list'>, home: string): Promise<GroupsThere> =>
  byGroup(await engine.list(`${labelOf.home}=${home}`))
