import type { History } from '../history.ts'

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
const mostOf = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value))

/** What becomes of the numbers of a longer step. */
export type RollUp = 'mean' | 'max'

/** Of a longer step at least so much must be known, or it is not. */
const leastKnown = 0.5

/**
 * The same history in longer steps, which begin at multiples of `stepMs` since 1970 plus `offsetMs`. A step of which less than half
 * is known is not known; the last one is left out until it is over.
 * @param stepMs a multiple of the history's own
 */
export function rollUp(
  { from, stepMs: own, values }: History,
  stepMs: number,
  how: RollUp,
  offsetMs = 0,
): History {
  const each = Math.round(stepMs / own)
  const begin = Math.floor((from - offsetMs) / stepMs) * stepMs + offsetMs
  const lead = Math.round((from - begin) / own)
  const steps = Math.floor((values.length + lead) / each)
  const rolled = Float64Array.from({ length: steps }, (_, i) => {
    const known: number[] = []
    for (let j = i * each - lead; j < (i + 1) * each - lead; j++) {
      const value = values[j]
      if (value !== undefined && Number.isFinite(value)) known.push(value)
    }
    if (known.length < each * leastKnown || known.length === 0) return Number.NaN
    return how === 'mean' ? meanOf(Float64Array.from(known)) : mostOf(Float64Array.from(known))
  })
  return { from: begin, stepMs, values: rolled }
}
