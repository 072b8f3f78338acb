import { within } from './options.ts'
import { toStaircase } from './staircase.ts'
import { ended, inPhase, type LineState } from './state.ts'

const step = 1.5
/** Ends the bisection. */
const closeEnough = 1.1

const openTrials = (state: LineState) => state.trials.filter(({ phase }) => phase !== 'confirm')

/** The lowest rate that failed, and the highest below it that passed. */
export function bracketOf(state: LineState): { passed: number | undefined; failed: number | undefined } {
  const rates = (verdict: 'pass' | 'fail') =>
    openTrials(state)
      .filter((trial) => trial.verdict === verdict)
      .map((trial) => trial.ratePerSecond)
  const failed = Math.min(...rates('fail'))
  const passed = Math.max(...rates('pass').filter((rate) => rate < failed))
  return {
    passed: Number.isFinite(passed) ? passed : undefined,
    failed: Number.isFinite(failed) ? failed : undefined,
  }
}

/** After a trial of the bracket or the bisection: up while none failed, down while none passed, then between the two. */
export function narrow(state: LineState): LineState {
  const { passed, failed } = bracketOf(state)
  const { plan } = state
  if (failed === undefined) {
    if (passed !== undefined && passed >= plan.maxPerSecond) return ended(state, 'atLeast')
    return inPhase(state, {
      is: 'bracket',
      ratePerSecond: within(plan, (passed ?? plan.minPerSecond) * step),
    })
  }
  if (passed === undefined) {
    if (failed <= plan.minPerSecond) return ended(state, 'below')
    return inPhase(state, { is: 'bracket', ratePerSecond: within(plan, failed / step) })
  }
  const ratePerSecond = Math.sqrt(passed * failed)
  return failed / passed > closeEnough
    ? inPhase(state, { is: 'bisect', ratePerSecond })
    : toStaircase(state, ratePerSecond)
}
