import { shareOf } from '../compare/metrics.ts'
import { tQuantile } from '../line/quantiles.ts'
import type { Total } from './finding.ts'
import { excessScatter } from './scatter.ts'
import type { LogStep } from './step.ts'

const sumOf = (steps: readonly LogStep[], of: (step: LogStep) => number): number =>
  steps.reduce((sum, step) => sum + of(step), 0)

/**
 * All steps together. The noise of a chain adds up with every link: after 25 it is five times that of one.
 * By Student's t with Welch and Satterthwaite's degrees of freedom, for steps of different noise.
 */
export function totalOf(steps: readonly LogStep[]): Total | null {
  if (steps.length === 0) return null
  const log = sumOf(steps, (step) => step.log)
  const variance = sumOf(steps, ({ error }) => error ** 2)
  const degrees = variance ** 2 / sumOf(steps, (step) => step.error ** 4 / step.degrees)
  const half = tQuantile(0.975, degrees) * Math.sqrt(variance) * excessScatter(steps)
  return {
    ratio: shareOf(log),
    interval: { low: shareOf(log - half), high: shareOf(log + half) },
  }
}
