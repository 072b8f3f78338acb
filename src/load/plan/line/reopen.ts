import { estimateLine } from './estimate.ts'
import { toStaircase } from './staircase.ts'
import { ended, flagged, type LinePhase, type LineState } from './state.ts'

type Confirm = Extract<LinePhase, { is: 'confirm' }>

const lower = 1 / 1.03
/** Trials between a confirmation that failed and the next. */
const again = 4

/** A confirmation that failed opens the search again below it. */
export function afterConfirm(state: LineState, { ratePerSecond }: Confirm): LineState {
  const next = { ...state, estimate: estimateLine(state.plan, state.trials) }
  if (state.trials.at(-1)?.verdict === 'pass') return ended(next, 'searched')
  const reopened = toStaircase(next, ratePerSecond * lower, again)
  return reopened.phase.is === 'staircase'
    ? reopened
    : ended(flagged(next, `not confirmed: ${Math.round(ratePerSecond)}/s failed`), 'searched')
}
