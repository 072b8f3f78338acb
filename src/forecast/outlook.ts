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
  /** What the series keeps to at a step, in its units: edges beyond it are drawn in, as far as to half of their way from the middle. */
  readonly usual?: (step: number) => readonly [number, number]
}

/** No more than that of the way to an edge is left out because it was never seen. */
const drawnIn = 0.5

/**
 * The edge of a band in the units of the history. It may reach beyond what the middle may, by as much again; never further.
 * @param side −1 for the lower, 1 for the upper
 */
export function edgeOf(
  { centre, halfWidth, edgesAre, usual }: Outlook,
  { isLog, back, range: [lowest, highest] }: Scale,
  level: Level,
  step: number,
  side: -1 | 1,
): number {
  const [floor, ceiling] = [2 * lowest - highest, 2 * highest - lowest]
  const [middle, away] = [centre[step] as number, side * halfWidth(level, step)]
  const isShare = isLog && edgesAre === 'even-in-units'
  const onScale = isShare ? middle + Math.log(Math.max(0, 1 + away)) : middle + away
  const edge = back(Math.min(ceiling, Math.max(floor, onScale)))
  if (!usual) return edge
  const [least, most] = usual(step)
  const near = edge + drawnIn * (back(middle) - edge)
  return side > 0 ? Math.min(edge, Math.max(most, near)) : Math.max(edge, Math.min(least, near))
}
