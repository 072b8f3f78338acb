import type { Key } from '../kernel/index.ts'
import { labelOf } from './create-body.ts'
import type { Engine } from './engine.ts'
import type { ContainerSeen } from './shapes.ts'

/** Containers of the list by group and name. */
function byGroup(all: readonly ContainerSeen[]): Map<Key, Map<string, ContainerSeen>> {
  const groups = new Map<Key, Map<string, ContainerSeen>>()
  for (const one of all) {
    const key = one.labels[labelOf.key] ?? ''
    const group = groups.get(key) ?? new Map<string, ContainerSeen>()
    groups.set(key, group.set(one.labels[labelOf.container] ?? '', one))
  }
  return groups
}

/** All containers of one Plimsoll that are there, by the key of their group and their name in it. */
export const listGroups = async (
  engine: Pick<Engine, 'list'>,
  home: string,
): Promise<Map<Key, Map<string, ContainerSeen>>> => byGroup(await engine.list(`${labelOf.home}=${home}`))
