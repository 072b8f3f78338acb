/** Models think in logarithms where all is above zero, and in the numbers themselves elsewhere. */
export type Scale = {
  readonly isLog: boolean
  /** What forecasts never leave, on the model's scale. */
  readonly range: readonly [number, number]
  readonly forth: (value: number) => number
  readonly back: (value: number) => number
}

/** Beyond the history by half its range, nothing is believed. */
const margin = 0.5

/** @param values all finite, at least one */
export function scaleOf(values: Float64Array): Scale {
  const least = values.reduce((a, b) => Math.min(a, b))
  const most = values.reduce((a, b) => Math.max(a, b))
  const highest = most + margin * (most - least)
  if (least > 0) {
    const lowest = Math.log(least) - margin * (Math.log(most) - Math.log(least))
    return { isLog: true, range: [lowest, Math.log(highest)], forth: Math.log, back: Math.exp }
  }
  const lowest = least - margin * (most - least)
  const floor = least === 0 ? 0 : Number.NEGATIVE_INFINITY
  return {
    isLog: false,
    range: [Math.max(floor, lowest), highest],
    forth: (value) => value,
    back: (value) => Math.max(floor, value),
  }
}
