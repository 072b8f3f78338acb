import type { LineObservation } from './observation.ts'
import { ended, type LinePhase, type LineState } from './state.ts'

const mostSteal = 0.02
/** After so many in a row that did not count, the place is not fit for a search. */
const mostInARow = 10
/** One hiccup is no saturation. */
const mostSaturated = 3

/** Why a step does not count; empty when it does. */
export function whyVoid({ generator, noise }: LineObservation): readonly string[] {
  const steal =
    noise.stealShare > mostSteal
      ? [`others took ${(noise.stealShare * 100).toFixed(1)} % of the machine`, ...noise.reasons]
      : []
  return [...(generator.is === 'saturated' ? generator.reasons : []), ...steal]
}

/** Sets a step aside; it is ordered again. A generator that is saturated three times in a row ends the search. */
export function withVoided(
  state: LineState,
  phase: Exclude<LinePhase, { is: 'ended' }>,
  { generator }: LineObservation,
  reasons: readonly string[],
): LineState {
  const saturated = generator.is === 'saturated' ? generator.reasons : []
  const next = {
    ...state,
    voided: [
      ...state.voided,
      { phase: phase.is, ratePerSecond: 'ratePerSecond' in phase ? phase.ratePerSecond : null, reasons },
    ],
    voidedInARow: state.voidedInARow + 1,
    generatorReasons: saturated,
  }
  if (saturated.length > 0 && state.generatorReasons.length > 0 && state.voidedInARow >= mostSaturated - 1)
    return ended(next, 'generator')
  return next.voidedInARow >= mostInARow ? ended(next, 'noise') : next
}
