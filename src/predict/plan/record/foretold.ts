import { type Decision, type Instant, type Machine, move, wait } from '../../../kernel/index.ts'
import { added, compared } from './score.ts'
import {
  type DayScore,
  dayMs,
  type ForetoldCommand,
  type ForetoldState,
  keptDays,
  newForetold,
  settledMs,
} from './state.ts'
import { warned } from './warnings.ts'

const lookDayOf = (at: Instant): number => Math.floor((at - settledMs) / dayMs)

/** One forecast a day is kept: whether that of today is still to be made. A clock that was set back keeps nobody waiting. */
export function isLookDue({ looks }: Pick<ForetoldState, 'looks'>, now: Instant): boolean {
  const last = looks.at(-1)
  return last === undefined || lookDayOf(last.at) !== lookDayOf(now)
}

/** Whether all that is kept of a place would be too old by now. */
export const isForgotten = ({ looks }: Pick<ForetoldState, 'looks'>, now: Instant): boolean =>
  now - (looks.at(-1)?.at ?? 0) > keptDays * dayMs

/** Scores of days, with more of the same days. */
function summed(before: readonly DayScore[], more: readonly DayScore[], now: Instant): readonly DayScore[] {
  const byDay = new Map(before.map((one) => [one.day, one]))
  for (const one of more) {
    const known = byDay.get(one.day)
    byDay.set(one.day, known ? added(known, one) : one)
  }
  return [...byDay.values()].filter(({ day }) => now - day < keptDays * dayMs).sort((a, b) => a.day - b.day)
}

function accept(state: ForetoldState, command: ForetoldCommand): Decision<ForetoldState> {
  const { at } = command
  if (command.is === 'forget') return move(newForetold(state.service, state.environment), { ended: true })
  if (!isLookDue(state, at)) return wait('this was said before')
  const { open, scores } = compared(state.open, command.came)
  return move({
    ...state,
    looks: [
      ...state.looks.filter((one) => at - one.at < keptDays * dayMs),
      { at, made: command.made !== undefined },
    ],
    open: command.made ? [...open, command.made] : open,
    scores: summed(state.scores, scores, at),
    warnings: warned(state.warnings, command.things, at),
  })
}

/** The record of forecasts of a place: it is only told things, and does nothing by itself. */
export const foretold: Machine<ForetoldState, undefined, ForetoldCommand> = {
  kind: 'foretold',
  decide: () => wait('it is looked at each day'),
  accept,
}
