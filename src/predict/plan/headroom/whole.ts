import {
  type InstanceSize,
  type Limits,
  limitsInAll,
  limitsText,
  sameLimits,
  sameSize,
} from '../../../kernel/index.ts'
import { atMost, compareLimits, partBetween, shareOfLimits } from './limits.ts'
import type { MeasuredLine, Rates } from './lines.ts'
import { byInstances, type WholeLine } from './scale.ts'

/** Of what size instances are, or would be. */
export type SizeWanted = {
  /** All containers of one together. */
  readonly limits: Limits
  /** As it is, container by container; absent of one that is only thought of. */
  readonly exactly?: InstanceSize | undefined
  /** The environment gives instances other limits than their release says: lines of which nobody noted the size do not count. */
  readonly isGiven?: boolean | undefined
}

/** How many instances, and of what size: where nobody knows that, lines are taken as they are. */
export type Wanted = { readonly instances: number; readonly size?: SizeWanted | undefined }

/** Why what was measured counts for more instances, or for larger ones: environment where it was → the team's reason. */
export type Scaling = {
  readonly scales: Readonly<Record<string, string>>
  readonly scalesBySize?: Readonly<Record<string, string>> | undefined
}

type Untold = { readonly because: string }

function fits({ size }: MeasuredLine, wanted: SizeWanted): boolean {
  const { limits, exactly, isGiven } = wanted
  if (!size) return exactly !== undefined && !isGiven
  return exactly ? sameSize(size, exactly) : sameLimits(limitsInAll(size), limits)
}

/** Whether nothing was measured with instances of that size. */
export const isOtherSize = (lines: readonly MeasuredLine[], size: SizeWanted | undefined): boolean =>
  size !== undefined && !lines.some((line) => fits(line, size))

type Group = { readonly limits: Limits; readonly lines: readonly MeasuredLine[] }

/** Lines of one size together; those of an unknown one are of none. */
export function groupsOf(lines: readonly MeasuredLine[]): readonly Group[] {
  const groups: { size: InstanceSize; lines: MeasuredLine[] }[] = []
  for (const line of lines) {
    const { size } = line
    if (!size) continue
    const same = groups.find((group) => sameSize(group.size, size))
    if (same) same.lines.push(line)
    else groups.push({ size, lines: [line] })
  }
  return groups.map(({ size, lines: ofOne }) => ({ limits: limitsInAll(size), lines: ofOne }))
}

type Point = { readonly limits: Limits; readonly line: WholeLine }

const rising = (from: number, to: number, part: number): number =>
  part === 0 ? from : part === 1 ? to : from + part * (to - from)

/** Between two sizes that were measured it is taken to rise evenly, by the resource of which the smaller part has been added. */
function between(below: Point, above: Point, wanted: Limits): WholeLine {
  const part = partBetween(below.limits, above.limits, wanted)
  const rate = (of: keyof Rates) => rising(below.line[of], above.line[of], part)
  return {
    ...{ low: rate('low'), at: rate('at'), high: rate('high') },
    how: `measured with instances of ${limitsText(below.limits)} and of ${limitsText(above.limits)}, and taken to rise evenly between them`,
    seen: [...below.line.seen, ...above.line.seen],
  }
}

function inProportion({ limits, line }: Point, wanted: Limits, why: string): WholeLine {
  const share = shareOfLimits(limits, wanted, line.seen.find(({ used }) => used)?.used)
  return {
    ...{ low: line.low * share, at: line.at * share, high: line.high * share, seen: line.seen },
    how: `measured with instances of ${limitsText(limits)}, taken in proportion for ${limitsText(wanted)}: ${why}`,
  }
}

/** What instances of another size than was measured carry: between two sizes, or where the team says why. */
function bySize(
  lines: readonly MeasuredLine[],
  { instances, size }: Required<Wanted>,
  { scales, scalesBySize = {} }: Scaling,
): WholeLine | Untold {
  const wanted = size?.limits as Limits
  const groups = groupsOf(lines)
  const points = groups.flatMap(({ limits, lines: ofOne }): Point[] => {
    const line = byInstances(ofOne, instances, scales)
    // As much in all, but divided otherwise among containers, is neither more nor less.
    return 'because' in line || sameLimits(limits, wanted) ? [] : [{ limits, line }]
  })
  const sorted = points.toSorted((a, b) => compareLimits(a.limits, b.limits))
  const below = sorted.findLast(({ limits }) => atMost(limits, wanted))
  const above = sorted.find(({ limits }) => atMost(wanted, limits))
  if (below && above) return between(below, above, wanted)
  const why = below && scalesBySize[below.line.seen[0]?.environment ?? '']
  if (below && why !== undefined) return inProportion(below, wanted, why)
  const texts = groups.map(({ limits }) => limitsText(limits))
  const known =
    texts.length === 0
      ? 'instances of which nobody noted the size'
      : `instances of ${[...new Set(texts)].join(' and of ')}`
  const otherwise = groups.some(({ limits }) => sameLimits(limits, wanted))
    ? ', divided otherwise among their containers'
    : ''
  return {
    because: `it was measured with ${known}${otherwise}, and those there have ${limitsText(wanted)}: nobody knows what these carry`,
  }
}

/**
 * What so many instances of a size carry, by what was measured; or why that is not known. A line of another size counts for
 * none but between two sizes that were measured, or where the team says why.
 */
export function wholeLine(
  lines: readonly MeasuredLine[],
  { instances, size }: Wanted,
  scaling: Scaling,
): WholeLine | Untold {
  if (!size) return byInstances(lines, instances, scaling.scales)
  const fitting = lines.filter((line) => fits(line, size))
  return fitting.length > 0
    ? byInstances(fitting, instances, scaling.scales)
    : bySize(lines, { instances, size }, scaling)
}

/** The newest that is known of how near its limits an instance of that size came. */
export const usedAt = (lines: readonly MeasuredLine[], size: SizeWanted | undefined) =>
  lines
    .filter((line) => line.used && size && fits(line, size))
    .toSorted((a, b) => b.measuredAt - a.measuredAt)[0]?.used
