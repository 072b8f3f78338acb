import { estimateLine } from './estimate.ts'
import { limitOf } from './limit.ts'
import type { LinePoint, LineResult } from './result.ts'
import { fitScalability } from './scalability.ts'
import type { LineEnd, LineState } from './state.ts'
import type { LineTrial } from './trial.ts'

/** Trials at the same rate as one point each; means weighted by what was answered. */
function curveOf(trials: readonly LineTrial[]): LinePoint[] {
  const byRate = Map.groupBy(trials, ({ ratePerSecond }) => Math.round(ratePerSecond * 1_000) / 1_000)
  return [...byRate]
    .sort(([a], [b]) => a - b)
    .map(([ratePerSecond, same]) => {
      const seconds = same.reduce((sum, trial) => sum + trial.seconds, 0) || 1
      const mean = (of: (trial: LineTrial) => number) =>
        same.reduce((sum, trial) => sum + of(trial) * trial.seconds, 0) / seconds
      return {
        ratePerSecond,
        p50Ms: mean((trial) => trial.p50Ms),
        p95Ms: mean((trial) => trial.p95Ms),
        p99Ms: mean((trial) => trial.p99Ms),
        badShare: mean((trial) => trial.badShare),
        answeredPerSecond: mean((trial) => trial.answeredPerSecond),
      }
    })
}

const highest = (trials: readonly LineTrial[]): number | null =>
  trials.length === 0 ? null : Math.max(...trials.map(({ ratePerSecond }) => ratePerSecond))

type Found = Pick<LineResult, 'verdict' | 'reasons' | 'ratePerSecond' | 'interval' | 'halfWidthShare'>

const none = { reasons: [], interval: null, halfWidthShare: null }

/** The verdict of a search that has an estimate: an estimate beyond the rates that may be sent is not a line. */
function searched({ estimate, plan, trials }: LineState): Found {
  const { ratePerSecond, low, high } = estimate ?? estimateLine(plan, trials)
  if (low >= plan.maxPerSecond || ratePerSecond > plan.maxPerSecond)
    return { ...none, verdict: 'atLeast', ratePerSecond: Math.min(low, plan.maxPerSecond) }
  if (ratePerSecond < plan.minPerSecond)
    return { ...none, verdict: 'below', ratePerSecond: plan.minPerSecond }
  const halfWidthShare = (high - low) / 2 / ratePerSecond
  return { ...none, verdict: 'found', ratePerSecond, interval: { low, high }, halfWidthShare }
}

function foundOf(state: LineState, because: LineEnd): Found {
  const passed = highest(state.trials.filter(({ verdict }) => verdict === 'pass'))
  const unknown = (reason: string): Found => ({
    ...none,
    verdict: 'inconclusive',
    reasons: [reason],
    ratePerSecond: passed,
  })
  switch (because) {
    case 'searched':
      return searched(state)
    case 'atLeast':
      return { ...none, verdict: 'atLeast', ratePerSecond: state.plan.maxPerSecond }
    case 'below':
      return { ...none, verdict: 'below', ratePerSecond: state.plan.minPerSecond }
    case 'generator':
      return unknown(`the generator was saturated: ${state.generatorReasons.join('; ')}`)
    case 'noise':
      return unknown('the machine was never quiet enough for a trial that counts')
    case 'budget':
      return unknown('the time was over before there were enough trials for an estimate')
  }
}

/** What a search found, from all that it knows. */
export function concludeLine(state: LineState, because: LineEnd): LineResult {
  const confirmed = state.trials.filter(({ phase, verdict }) => phase === 'confirm' && verdict === 'pass')
  return {
    schemaVersion: 1,
    kind: 'load-line',
    ...foundOf(state, because),
    goal: state.plan.goal,
    confirmedPerSecond: highest(confirmed),
    limitedBy: limitOf(state),
    curve: curveOf(state.trials),
    ladder: [...state.rungs],
    scalability: fitScalability(state.rungs),
    trials: [...state.trials],
    voided: state.voided.map((voided) => ({ ...voided, reasons: [...voided.reasons] })),
    flags: [...state.flags],
    tookMs: state.spentMs,
  }
}
