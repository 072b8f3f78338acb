import type { LogStep, Step } from '../step.ts'

/** Steps with these estimates, each within ± `half`; null was not measured. */
export const stepsOf = (estimates: readonly (number | null)[], half = 0.02): readonly Step[] =>
  estimates.map((estimate, at) => ({
    release: `r${at + 1}`,
    at: (at + 1) * 1_000,
    comparison: `c${at + 1}`,
    estimate,
    interval: estimate === null ? null : { low: estimate - half, high: estimate + half },
    p: estimate !== null && Math.abs(estimate) > half ? 0.002 : 0.6,
  }))

/** Steps in logarithms that are all as sure. */
export const logStepsOf = (logs: readonly number[], error = 0.01): readonly LogStep[] =>
  logs.map((log) => ({ log, error, degrees: 100, p: Math.abs(log) > 2 * error ? 0.002 : 0.6 }))

/** Up and down in turn: a history in which nothing happens. */
export const calm = (count: number, size = 0.004): readonly number[] =>
  Array.from({ length: count }, (_, at) => (at % 2 === 0 ? size : -size))
