import type { Scale } from './scale.ts'

/** How a forecast was made. */
export type Method = 'seasonal-autoregression' | 'theta' | 'flat' | 'constant'

/** Shares of the future that a band is to hold, in percent. */
export const levels = [50, 80, 95] as const
export type Level = (typeof levels)[number]

/** What a model says on its own scale (see `scale.ts`): the middle, and how far bands reach from it. */
export type Outlook = {
  readonly method: Method
  /** One sentence: why this method. */
  readonly why: string
  /** One number for each step. */
  readonly centre: Float64Array
  /** From the middle to the edge of a band, at a step counted from 0; in which terms, `edgesAre` says. */
  readonly halfWidth: (level: Level, step: number) => number
  /** As far up as down on the model's scale; or in the units of the history, as a share of the middle where the scale is of logarithms. */
  readonly edgesAre: 'even-on-scale' | 'even-in-units'
}

/**
 * The edge of a band in the units of the history. It may reach beyond what the middle may, by as much again; never further.
 * @param side −1 for the lower, 1 for the upper
 */
export function edgeOf(
  { centre, halfWidth, edgesAre }: Outlook,
  { isLog, back, range: [lowest, highest] }: Scale,
  level: Level,
  step: number,
  side: -1 | 1,
): number {
  const [floor, ceiling] = [2 * lowest - highest, 2 * highest - lowest]
  const [middle, away] = [centre[step] as number, side * halfWidth(level, step)]
  const isShare = isLog && edgesAre === 'even-in-units'
  const onScale = isShare ? middle + Math.log(Math.max(0, 1 + away)) : middle + away
  return back(Math.min(ceiling, Math.max(floor, onScale)))
}
