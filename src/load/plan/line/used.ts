import type { InstanceUse } from '../../../kernel/index.ts'
import type { LineResult } from './result.ts'

type Searched = Pick<LineResult, 'ratePerSecond' | 'trials'>

/**
 * How near its limits the service came at the load of its line: in the nearest trial at or below it. What it used above says
 * nothing of what it carries; undefined where nobody has seen it.
 */
export function usedAtLine({ ratePerSecond, trials = [] }: Searched): InstanceUse | undefined {
  const known = trials
    .filter((one) => one.cpuShare !== null && one.ratePerSecond <= (ratePerSecond ?? 0))
    .toSorted((a, b) => b.ratePerSecond - a.ratePerSecond || b.seconds - a.seconds)
  const [nearest] = known
  if (!nearest) return undefined
  const { cpuShare, memoryShare } = nearest
  return {
    ...(cpuShare === null ? {} : { cpu: cpuShare }),
    ...(memoryShare === undefined ? {} : { memory: memoryShare }),
  }
}
