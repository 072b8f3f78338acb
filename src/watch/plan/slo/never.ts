import { durationText } from '../../../series/index.ts'
import { alertWindows, canFire, neededBadShare } from './windows.ts'

/** Only as many digits as tell something: 134.4, 13.4, 0.93. */
const figure = (value: number): string => String(Number(value.toPrecision(4)))

/** What is said of each alert that can never fire, since more than all events would have to be bad. */
export const neverFiring = (slo: {
  readonly objective: number
  readonly window: number
}): readonly string[] =>
  alertWindows(slo.window)
    .filter((window) => !canFire(window, slo.objective))
    .map((window) => {
      const { severity, longMs } = window
      const share = figure(neededBadShare(window, slo.objective) * 100)
      return `its ${severity} over ${durationText(longMs)} can never fire, as ${share} % of all events would have to be bad`
    })
