import { estimateLine } from './estimate.ts'
import { within } from './options.ts'
import { affords, ended, flagged, inPhase, type LineState } from './state.ts'

const lower = 1 / 1.03

/** The lowest rate whose confirmation failed. */
const refuted = (state: LineState): number =>
  Math.min(
    Number.POSITIVE_INFINITY,
    ...state.trials
      .filter(({ phase, verdict }) => phase === 'confirm' && verdict === 'fail')
      .map(({ ratePerSecond }) => ratePerSecond),
  )

/** Estimates the line and has its lower bound confirmed, when there is time. */
export function toConfirm(state: LineState): LineState {
  const estimate = estimateLine(state.plan, state.trials)
  const next = { ...state, estimate }
  const ratePerSecond = within(state.plan, Math.min(estimate.low, refuted(state) * lower))
  if (affords(next, state.plan.settleMs + state.plan.confirmMs))
    return inPhase(next, { is: 'confirm', ratePerSecond })
  return ended(flagged(next, 'not confirmed: the time was over'), 'searched')
}
