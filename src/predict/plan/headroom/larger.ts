import type { Crossing } from '../../../forecast/index.ts'
import { type Limits, sameLimits } from '../../../kernel/index.ts'
import { atMost, compareLimits, isLarger } from './limits.ts'
import type { MeasuredLine } from './lines.ts'
import { costOfLarger, type Prices } from './price.ts'
import type { WholeLine } from './scale.ts'
import { nextSize } from './sizes.ts'
import { decisive, type Resource } from './use.ts'
import { groupsOf, type Scaling, type SizeWanted, usedAt, wholeLine } from './whole.ts'

/** What larger instances would do for headroom, as many as there are. */
export type Larger =
  | { readonly is: 'size'; readonly size: Limits; readonly keeps: Crossing; readonly how: string }
  /** Nothing larger was measured: which size to measure next. */
  | { readonly is: 'measure'; readonly size: Limits; readonly decides?: Resource }
  /** Not even the largest that was measured. */
  | { readonly is: 'beyond'; readonly size: Limits }

/** By what sizes are looked for. */
export type SizesAsked = {
  readonly lines: readonly MeasuredLine[]
  readonly instances: number
  readonly size?: SizeWanted | undefined
  readonly scaling: Scaling
  /** Those that can be had; none: any. */
  readonly listed: readonly Limits[]
  readonly prices?: Prices | undefined
}

const withoutTwins = (all: readonly Limits[]): readonly Limits[] =>
  all.filter((one, i) => all.findIndex((other) => sameLimits(one, other)) === i)

/** Sizes above that of now of which something is known: those that were measured, and those that can be had below the largest of them. */
function candidates({ lines, listed }: SizesAsked, now: Limits): readonly Limits[] {
  const measured = groupsOf(lines)
    .map(({ limits }) => limits)
    .filter((one) => isLarger(one, now))
  const had = listed.filter((one) => isLarger(one, now) && measured.some((most) => atMost(one, most)))
  return withoutTwins([...measured, ...had]).toSorted(compareLimits)
}

/** The cheapest first; by size where nobody says what one costs. */
function inOrder(
  sizes: readonly Limits[],
  { prices, instances }: SizesAsked,
  now: Limits,
): readonly Limits[] {
  const costs = new Map(sizes.map((one) => [one, costOfLarger(prices, instances, now, one)?.amount]))
  if ([...costs.values()].includes(undefined)) return sizes
  return sizes.toSorted((a, b) => (costs.get(a) ?? 0) - (costs.get(b) ?? 0))
}

/**
 * The size that restores headroom, with as many instances as there are: the cheapest, or the smallest, of those of which it is
 * known what they carry. Undefined where the size of now is not known, or is that of a machine.
 * @param keptBy when what is to be left of a line is over
 */
export function largerOf(
  asked: SizesAsked,
  keptBy: (line: WholeLine) => Crossing,
  isEnough: (keeps: Crossing) => boolean,
): Larger | undefined {
  const { size, lines, instances, scaling, listed } = asked
  if (!size || size.exactly?.is === 'machine') return undefined
  const now = size.limits
  const known = candidates(asked, now)
  for (const limits of inOrder(known, asked, now)) {
    const line = wholeLine(lines, { instances, size: { limits } }, scaling)
    if ('because' in line) continue
    const keeps = keptBy(line)
    if (isEnough(keeps)) return { is: 'size', size: limits, keeps, how: line.how }
  }
  const largest = known.at(-1)
  if (largest) return { is: 'beyond', size: largest }
  const decides = decisive(usedAt(lines, size) ?? {})
  const next = nextSize(now, decides, listed)
  return next && { is: 'measure', size: next, ...(decides ? { decides } : {}) }
}
