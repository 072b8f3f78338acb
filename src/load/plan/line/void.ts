import type { LineObservation, MachineNoise } from './observation.ts'
import { ended, type LinePhase, type LineState } from './state.ts'

const mostSteal = 0.02
/** Slewing moves a clock by half a thousandth at the most; what is more, is a step. */
const mostSlew = 0.0005
/** Reading two clocks one after the other takes its time, too. */
const leastStepMs = 20
/** After so many in a row that did not count, the place is not fit for a search. */
const mostInARow = 10
/** One hiccup is no saturation. */
const mostSaturated = 3

const percent = (share: number, digits: number): string => `${(share * 100).toFixed(digits)} %`

/** What else is known of a machine that was not quiet. */
const pressureOf = ({ cpuPressureShare }: MachineNoise): string =>
  cpuPressureShare === null
    ? ''
    : ` (something waited for a core ${percent(cpuPressureShare, 0)} of the time)`

function noisesOf(noise: MachineNoise, tookMs: number): readonly string[] {
  const { stealShare, clockStepMs } = noise
  const stepMs = Math.abs(clockStepMs)
  return [
    ...(stealShare > mostSteal
      ? [`others took ${percent(stealShare, 1)} of the machine${pressureOf(noise)}`]
      : []),
    ...(stepMs > leastStepMs + mostSlew * tookMs
      ? [
          `the clock went ${(stepMs / 1_000).toFixed(2)} s ${clockStepMs > 0 ? 'ahead' : 'back'}: it was set, or the machine stood still`,
        ]
      : []),
  ]
}

/** Why a step does not count; empty when it does. */
export const whyVoid = ({ generator, noise, tookMs }: LineObservation): readonly string[] => [
  ...(generator.is === 'saturated' ? generator.reasons : []),
  ...noisesOf(noise, tookMs),
]

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
