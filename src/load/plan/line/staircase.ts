import { toConfirm } from './confirm.ts'
import { within } from './options.ts'
import { ended, inPhase, type LinePhase, type LineState, leftMs, overheadMs } from './state.ts'

type Staircase = Extract<LinePhase, { is: 'staircase' }>

const step = 1.03
const most = 20
/** Fewer whole trials than this say too little to be called an estimate. */
const least = 6

/** How many trials fit before the confirmation, which is kept free. */
function affordable(state: LineState): number {
  const { settleMs, trialMs, confirmMs } = state.plan
  const overhead = overheadMs(state)
  const freeMs = leftMs(state) - (settleMs + confirmMs + overhead)
  return Math.floor(freeMs / (settleMs + trialMs + overhead))
}

/** Begins the staircase with as many trials as the budget allows, 20 at most. */
export function toStaircase(state: LineState, ratePerSecond: number, mostTrials = most): LineState {
  const left = Math.min(mostTrials, affordable(state))
  if (left < 1) return state.trials.length >= least ? toConfirm(state) : ended(state, 'budget')
  return inPhase(state, { is: 'staircase', ratePerSecond: within(state.plan, ratePerSecond), left })
}

/** How many of the last trials of the staircase had the same verdict. */
function inARow({ trials }: LineState): number {
  const stairs = trials.filter(({ phase }) => phase === 'staircase')
  const other = stairs.findLastIndex(({ verdict }) => verdict !== stairs.at(-1)?.verdict)
  return stairs.length - 1 - other
}

/** Three in a row say that the bracket was wrong: the steps grow until the line is passed. */
const exponentOf = (same: number): number => (same < 3 ? 1 : Math.min(8, 2 ** (same - 2)))

/** One step up after a pass, one step down after a failure. */
export function climb(state: LineState, { ratePerSecond, left }: Staircase): LineState {
  const passed = state.trials.at(-1)?.verdict === 'pass'
  const factor = step ** exponentOf(inARow(state))
  const next = within(state.plan, passed ? ratePerSecond * factor : ratePerSecond / factor)
  const still = Math.min(left - 1, affordable(state))
  return still < 1 ? toConfirm(state) : inPhase(state, { is: 'staircase', ratePerSecond: next, left: still })
}
