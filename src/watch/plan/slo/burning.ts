import { durationText } from '../../../series/index.ts'
import type { Burning } from '../alerts/state.ts'
import type { Standing } from './evaluate.ts'

const times = (burn: number): string => String(Number(burn.toPrecision(3)))

/** How fast a budget burns, in a sentence that needs its subject before it. */
export const burningText = (name: string, burn: number, over: string, allowed: number): string =>
  `its ${name} budget burns ${times(burn)} times as fast as evenly over ${over}, where ${times(allowed)} is allowed`

/** What burns, for those who tell of it. Tickets that a page suppresses are among them: whoever tells knows what was told. */
export const burningOf = (name: string, { alerts }: Standing): readonly Burning[] =>
  alerts
    .filter(({ quiet }) => quiet === undefined)
    .map(({ window: { longMs, severity, burn }, longBurn }) => ({
      slo: name,
      window: durationText(longMs),
      severity,
      text: burningText(name, longBurn, durationText(longMs), burn),
    }))
