import type { LogStep } from './step.ts'

/** A stretch of steps, from the first to before `end`, and how strongly it speaks for a loss. */
export type Segment = { readonly from: number; readonly end: number; readonly score: number }

/** What is the same for every pattern of signs: the scale of each stretch, by length and then by beginning. */
export type Ruler = {
  readonly least: number
  /** One over the standard deviation of the stretch's weighted sum. */
  readonly scales: Float64Array
  /** Stretches of a length are many or few: √(2 ln(e n / length)), by length. */
  readonly handicaps: Float64Array
}

function runningSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1)
  for (let i = 0; i < values.length; i++) sums[i + 1] = (sums[i] ?? 0) + (values[i] ?? 0)
  return sums
}

/** Steps weighted by how sure they are, in units of their common scatter about 0, which no flip of signs changes. */
export function weighted(steps: readonly LogStep[]): Float64Array {
  const squares = steps.reduce((sum, { log, error }) => sum + (log / error) ** 2, 0)
  const scatter = Math.sqrt(squares / steps.length) || 1
  return Float64Array.from(steps, ({ log, error }) => log / error ** 2 / scatter)
}

/** The ruler of stretches of at least `least` steps: of all places, O(n²) of them. */
export function rulerOf(steps: readonly LogStep[], least: number): Ruler {
  const n = steps.length
  const weights = runningSums(Float64Array.from(steps, ({ error }) => 1 / error ** 2))
  const scales: number[] = []
  for (let length = least; length <= n; length++)
    for (let end = length; end <= n; end++)
      scales.push(1 / Math.sqrt((weights[end] ?? 0) - (weights[end - length] ?? 0)))
  const handicaps = Float64Array.from({ length: n + 1 }, (_, length) =>
    Math.sqrt(2 * Math.log((Math.E * n) / Math.max(1, length))),
  )
  return { least, scales: Float64Array.from(scales), handicaps }
}

/**
 * The stretch with the greatest loss, each length on an equal footing (Dümbgen & Spokoiny, Ann. Statist. 29,
 * 2001): without the handicap the many short stretches would drown a long loss by little steps.
 */
export function greatestLoss(values: Float64Array, { least, scales, handicaps }: Ruler): Segment {
  const sums = runningSums(values)
  let greatest = Number.NEGATIVE_INFINITY
  let place = { from: 0, end: 0 }
  let at = 0
  for (let length = least; length < sums.length; length++) {
    const handicap = handicaps[length] ?? 0
    for (let end = length; end < sums.length; end++) {
      const score = ((sums[end - length] ?? 0) - (sums[end] ?? 0)) * (scales[at++] ?? 0) - handicap
      if (score > greatest) {
        greatest = score
        place = { from: end - length, end }
      }
    }
  }
  return { ...place, score: greatest }
}
