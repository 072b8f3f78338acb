import { processStats, type Stat } from '../../host/process-stats.ts'

/** This process, and what started it: whatever they do is not the service's. */
function outsiders(stats: readonly Stat[]): ReadonlySet<number> {
  const parents = new Map(stats.map(({ pid, parent }) => [pid, parent]))
  const found = new Set<number>()
  for (let at = process.pid; at > 0 && !found.has(at); at = parents.get(at) ?? 0) found.add(at)
  return found
}

/**
 * Processes with all that belong to them: what they started, and the process group of one that leads it.
 * @returns none when this process is one of them: what the service does could not be told from what the generator does
 */
export function familyOf(
  roots: readonly number[],
  stats: readonly Stat[] = processStats(),
): readonly number[] {
  if (roots.includes(process.pid)) return []
  const outside = outsiders(stats)
  const family = new Set(roots)
  const isNear = ({ pid, parent, group }: Stat): boolean =>
    !outside.has(pid) && (family.has(parent) || roots.includes(group))
  for (let size = 0; size < family.size; ) {
    size = family.size
    for (const stat of stats) if (isNear(stat)) family.add(stat.pid)
  }
  return [...family]
}
