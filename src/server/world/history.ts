import { join } from 'node:path'
import { holdsCommit } from '../../changes/index.ts'
import type { History } from '../../flow/world.ts'

/** The services' repositories. What one commit has to do with another never changes: it is asked once. */
export function createHistory(root: string): History {
  const known = new Map<string, boolean>()
  return {
    async holds(service, commit, other) {
      const asked = `${service} ${commit} ${other}`
      const before = known.get(asked)
      if (before !== undefined) return before
      const holds = await holdsCommit(join(root, `${service}.git`), commit, other)
      if (holds !== undefined) known.set(asked, holds)
      return holds
    },
  }
}
