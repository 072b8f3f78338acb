import type { SqueezeSettings } from './state.ts'

/** Each stage asks so many times as much of the instance as the one before. */
const step = 1.25

/** Shares of one instance of so many: an even one first, to know how it stands; then more and more, up to the most. */
export function sharesOf(
  { shares, maxShare }: Pick<SqueezeSettings, 'shares' | 'maxShare'>,
  instances: number,
) {
  const even = 1 / instances
  if (shares) return [even, ...shares.filter((share) => share > even && share <= maxShare)]
  const chosen = [even]
  for (let share = even * step; share < maxShare; share *= step) chosen.push(share)
  return even < maxShare ? [...chosen, maxShare] : chosen
}

/** No more is asked of the instance than somebody wants to know, by how much all of them were asked just now. */
export const shareFor = (share: number, toPerSecond: number | undefined, allPerSecond: number): number =>
  toPerSecond === undefined || allPerSecond <= 0 ? share : Math.min(share, toPerSecond / allPerSecond)

/** The shares of the stages to come, when nothing ends it before, by how much all of them are asked now. */
export function stagesAhead(
  settings: SqueezeSettings,
  instances: number,
  allPerSecond: number,
): readonly number[] {
  const shares = sharesOf(settings, instances)
  const bounded = shares.map((share) => shareFor(share, settings.toPerSecond, allPerSecond))
  return bounded.filter((share, i) => i === 0 || share > (bounded[i - 1] ?? 0) + 1e-9)
}
