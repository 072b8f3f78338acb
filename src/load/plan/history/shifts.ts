import { holm } from '../compare/statistics/holm.ts'
import { normalUpper } from '../compare/statistics/normal.ts'
import { correctedFor, falseAlarm } from './false-alarms.ts'
import { excessScatter } from './scatter.ts'
import type { LogStep } from './step.ts'
import { studentP } from './student.ts'

/** A step that is told from none in the whole history, by its place; p is corrected for looking everywhere. */
export type StepFound = { readonly at: number; readonly p: number }

/** Above it a step's own comparison does not tell it from none, and the history has no reason to. */
const ownLevel = 0.05

/** A change that is taken back within so many releases did not last. */
const lastingReleases = 3

/**
 * Steps whose logarithm differs from 0, with Holm's correction over the history. Not by the comparisons' own p:
 * that of ten rounds cannot be less than 1/512, too much for Holm in a history of 26 releases. Their standard
 * errors, which lean on all comparisons of the history, can say more.
 */
export function significantSteps(steps: readonly LogStep[]): readonly StepFound[] {
  const excess = excessScatter(steps)
  const corrected = holm(steps.map(({ log, error, degrees }) => studentP(log / (error * excess), degrees)))
  return steps.flatMap((step, at) => {
    const p = correctedFor('shift', corrected[at] ?? 1)
    return p <= falseAlarm && step.p <= ownLevel ? [{ at, p }] : []
  })
}

/** Whether all that happened from one step to another adds up to nothing that could be told. */
function addsUpToNothing(steps: readonly LogStep[], first: number, last: number): boolean {
  const between = steps.slice(first, last + 1)
  const sum = between.reduce((total, { log }) => total + log, 0)
  const error = Math.sqrt(between.reduce((total, step) => total + step.error ** 2, 0))
  return 2 * normalUpper(Math.abs(sum) / (error * excessScatter(steps))) > ownLevel
}

/** Those of the significant steps that lasted: a bad release and its mending soon after are left out, both. */
export function lastingSteps(steps: readonly LogStep[], found: readonly StepFound[]): readonly StepFound[] {
  const lasting: StepFound[] = []
  for (const next of found) {
    const before = lasting.at(-1)
    const isTakenBack =
      before && next.at - before.at <= lastingReleases && addsUpToNothing(steps, before.at, next.at)
    if (isTakenBack) lasting.pop()
    else lasting.push(next)
  }
  return lasting
}
