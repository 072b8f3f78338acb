import { shareOf } from '../compare/metrics.ts'
import { middleOf } from '../compare/statistics/walsh.ts'
import { type ChangePointOptions, changePoints } from './change-points.ts'
import type { Shift } from './finding.ts'

/** A load line as an absolute figure, in requests a second. */
export type Level = { readonly release: string; readonly ratePerSecond: number }

const median = (values: readonly number[]): number => middleOf([...values].sort((a, b) => a - b))

/**
 * Where load lines that were each searched for by themselves changed for good, and by what share the median of
 * the new level differs from that of the old.
 * @param levels oldest first, all from one place: across places only ratios speak
 */
export function levelShifts(
  levels: readonly Level[],
  options: Partial<ChangePointOptions> = {},
): readonly Shift[] {
  const logs = levels.map(({ ratePerSecond }) => Math.log(ratePerSecond))
  const found = changePoints(logs, options)
  return found.map(({ at, p }, i) => {
    const before = logs.slice(found[i - 1]?.at ?? 0, at)
    const after = logs.slice(at, found[i + 1]?.at)
    return { release: levels[at]?.release ?? '', ratio: shareOf(median(after) - median(before)), p }
  })
}
