import { middleOf } from '../compare/statistics/walsh.ts'
import type { LogStep } from './step.ts'

/** Fewer steps say nothing about how steps scatter. */
const enoughSteps = 5

/** Of the steps, those that lie farthest out are left to be judged by the rest. */
const leftOut = 0.1

/** Standard deviation of a normal distribution without the tenth that lies farthest out. */
const normalWithout = 0.7893

/** Scatter that so few steps may show by chance is no excess: half a standard error of it. */
const allowance = (steps: number): number => 0.35 / Math.sqrt(steps)

/**
 * How many times more the steps scatter about their middle than their standard errors say, at least 1: releases
 * may differ from day to day in ways that no comparison sees within itself. Neither the few steps that are to be
 * found nor a drift of all count.
 */
export function excessScatter(steps: readonly LogStep[]): number {
  if (steps.length < enoughSteps) return 1
  const scores = steps.map(({ log, error }) => log / error).sort((a, b) => a - b)
  const middle = middleOf(scores)
  const squares = scores.map((score) => (score - middle) ** 2).sort((a, b) => a - b)
  const kept = squares.slice(0, Math.floor(squares.length * (1 - leftOut)))
  const spread = Math.sqrt(kept.reduce((sum, square) => sum + square, 0) / kept.length)
  return Math.max(1, (spread / normalWithout) * (1 - allowance(steps.length)))
}
