import { type Random, seededRandom } from '../../../kernel/index.ts'
import { bestDivision } from './energy.ts'

export type ChangePointOptions = {
  /** Values of one level at the least; two or more. */
  readonly least: number
  /** The chance of finding a change where there is none. */
  readonly level: number
  /** Permutations drawn for each significance. */
  readonly permutations: number
  readonly seed: number
}

/** Three to a level: measured, a change shows two releases sooner than with five, and no more often without one. */
export const defaultChangePointOptions: ChangePointOptions = {
  least: 3,
  level: 0.05,
  permutations: 199,
  seed: 1,
}

/** A change of level: the first value of the new one, and how likely chance divides a series so well. */
export type ChangePoint = { readonly at: number; readonly p: number }

/** A part of the series between changes. */
type Part = { readonly from: number; readonly values: Float64Array }
type PartDivision = { readonly part: Part; readonly at: number; readonly divergence: number }

function bestOf(parts: readonly Part[], least: number): PartDivision | undefined {
  let best: PartDivision | undefined
  for (const part of parts) {
    const division = bestDivision(part.values, least)
    if (division && !(best && best.divergence >= division.divergence)) best = { part, ...division }
  }
  return best
}

/** Fisher and Yates. */
function shuffled(values: Float64Array, random: Random): Float64Array {
  const drawn = values.slice()
  for (let i = drawn.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1))
    const kept = drawn[i] ?? 0
    drawn[i] = drawn[j] ?? 0
    drawn[j] = kept
  }
  return drawn
}

/** The p of a division among all parts' best, by shuffling within parts; undefined as soon as it is above the level. */
function significance(
  parts: readonly Part[],
  best: PartDivision,
  options: ChangePointOptions,
  random: Random,
): number | undefined {
  const allowed = options.level * (options.permutations + 1)
  let asGreat = 1
  for (let i = 0; i < options.permutations && asGreat <= allowed; i++) {
    const drawn = parts.map((part) => ({ ...part, values: shuffled(part.values, random) }))
    if ((bestOf(drawn, options.least)?.divergence ?? 0) >= best.divergence) asGreat += 1
  }
  return asGreat > allowed ? undefined : asGreat / (options.permutations + 1)
}

const divided = ({ part, at }: PartDivision): readonly Part[] => [
  { from: part.from, values: part.values.slice(0, at) },
  { from: part.from + at, values: part.values.slice(at) },
]

/**
 * Where the level of a series changes: E-divisive, hierarchical bisection by energy statistic, each division
 * tested by permutation within the parts so far (Matteson & James, J. Am. Stat. Assoc. 109, 2014; as used by
 * Apache Otava and by MongoDB, ICPE 2020). O(n²) a permutation: half a second for 500 values with one change.
 * @param values measured each by itself. The product of measured ratios is no such series: its noise adds up,
 * and every wandering of it would be called a change
 * @returns in ascending order
 */
export function changePoints(
  values: readonly number[],
  options: Partial<ChangePointOptions> = {},
): readonly ChangePoint[] {
  const all = { ...defaultChangePointOptions, ...options }
  const random = seededRandom(all.seed).fork('permutations')
  const found: ChangePoint[] = []
  let parts: readonly Part[] = [{ from: 0, values: Float64Array.from(values) }]
  for (;;) {
    const best = bestOf(parts, all.least)
    const p = best && significance(parts, best, all, random)
    if (!best || p === undefined) return found.sort((a, b) => a.at - b.at)
    found.push({ at: best.part.from + best.at, p })
    parts = parts.flatMap((part) => (part === best.part ? divided(best) : [part]))
  }
}
