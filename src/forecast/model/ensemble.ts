import {
  type Autoregression,
  fitAutoregression,
  fittable,
  reachOf,
  recurse,
  type Shape,
} from './autoregression.ts'
import { middleInPlace } from './order.ts'

/** Several autoregressions that look at the past in different ways; the median of what they say is what is said. */
export type Ensemble = {
  readonly members: readonly Autoregression[]
  /** What a forecast never leaves, in the units of the series. */
  readonly range: readonly [number, number]
}

const around = (lag: number, before: number, after: number): number[] =>
  Array.from({ length: before + after + 1 }, (_, i) => lag - before + i)

const lagsOf = (...lags: readonly number[]): number[] =>
  [...new Set(lags)].filter((lag) => lag > 0).sort((a, b) => a - b)

/**
 * Ways to look at a series with a short season, such as a day, and perhaps a long one, such as a week. Lags stand where the
 * product of three short-range, daily and weekly autoregressions has them (Card's "Rho"; bench/README.md says how they
 * were chosen).
 * @param short in steps
 * @param long in steps; undefined when there is one season only
 */
export function shapesFor(short: number, long?: number): readonly Shape[] {
  if (long === undefined)
    return [
      { lags: lagsOf(1, 2, 3, ...around(short, 1, 2), ...around(2 * short, 1, 1)) },
      { lags: lagsOf(1, 2, ...around(short, 1, 1)) },
      { lags: lagsOf(1, 2, short), difference: short },
    ]
  const near = [1, 2, 3, ...around(short, 1, 3), ...around(long, 1, 3), ...around(long + short, 1, 1)]
  return [
    { lags: lagsOf(...near) },
    {
      lags: lagsOf(
        1,
        2,
        3,
        4,
        5,
        6,
        ...around(short, 2, 4),
        ...around(long, 2, 3),
        ...around(long + short, 2, 2),
      ),
    },
    { lags: lagsOf(1, 2, 3, ...around(short, 1, 2), ...around(2 * short, 1, 1)), difference: long },
    { lags: lagsOf(...near, 2 * long, 2 * long + 1) },
  ]
}

const repeating = (...lags: readonly number[]): Autoregression => ({
  lags: Int32Array.from(lags),
  weights: Float64Array.from(lags, () => 1 / lags.length),
  intercept: 0,
})

/** What says that all repeats: the last two long seasons, and the last short one. They have no weights that noise could lead astray. */
const repeatingFor = (short: number, long: number): readonly Autoregression[] => [
  repeating(long, 2 * long),
  repeating(short),
]

/**
 * @param short in steps
 * @param long in steps; undefined when there is one season only
 * @returns undefined when not one of the shapes can be fitted
 */
export function fitEnsemble(
  y: Float64Array,
  [short, long]: readonly [number, number | undefined],
  range: readonly [number, number],
  isSeen?: Uint8Array,
): Ensemble | undefined {
  const of = fittable(y, isSeen)
  const shapes = shapesFor(short, long)
  const fitted = shapes.flatMap((shape) => fitAutoregression(of, shape) ?? [])
  if (fitted.length === 0) return undefined
  const isWhole = long !== undefined && fitted.length === shapes.length
  return { members: isWhole ? [...fitted, ...repeatingFor(short, long)] : fitted, range }
}

/**
 * How far back there has to be something to look at, in steps. A third of the members, those that look furthest, may be without: the
 * others have more of the past to be tried on.
 */
export function reach({ members }: Ensemble): number {
  const reaches = members.map(reachOf).sort((a, b) => b - a)
  return reaches[Math.floor(members.length / 3)] as number
}

/** Says what follows after y[end − 1], again and again without taking new memory; `end` is `reach` at least. */
export function predictor({ members, range }: Ensemble, horizon: number) {
  const paths = members.map(() => new Float64Array(horizon))
  const all = new Float64Array(members.length)
  return (y: Float64Array, end: number, into: Float64Array): void => {
    let count = 0
    for (const model of members)
      if (reachOf(model) <= end) recurse(model, y, end, paths[count++] as Float64Array, range)
    const said = all.subarray(0, count)
    for (let h = 0; h < horizon; h++) {
      for (let i = 0; i < count; i++) said[i] = (paths[i] as Float64Array)[h] as number
      into[h] = middleInPlace(said)
    }
  }
}
