/** Where a value stands on an axis, 0 … 1, and the values that are marked on it. */
export interface Scale {
  at(value: number): number
  readonly ticks: readonly number[]
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= least * (1 - 1e-9)) ?? 10
  return factor * power
}

const upTo = (last: number, step: number): number[] =>
  Array.from({ length: Math.floor(last / step + 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(12)))

/** From 0 to at least `highest`, ending on a tick. @param most how many steps at most */
export function linearScale(highest: number, most = 5): Scale {
  const step = niceStep((highest > 0 ? highest : 1) / most)
  const end = Math.ceil((highest > 0 ? highest : 1) / step - 1e-9) * step
  return { at: (value) => value / end, ticks: upTo(end, step) }
}

/** Steps of a clock, in seconds. */
const clockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200]

/** From 0 to just `endMs`, with ticks as a clock has them. */
export function timeScale(endMs: number, most = 6): Scale {
  const least = endMs / 1_000 / most
  const step = (clockSteps.find((one) => one >= least) ?? niceStep(least / 86_400) * 86_400) * 1_000
  return { at: (value) => value / endMs, ticks: upTo(endMs, step) }
}

const decade = (value: number): number => Math.floor(Math.log10(value) + 1e-9)

/** 1, 2 and 5 of each decade where there are few of them, otherwise whole decades. */
function logTicks(low: number, high: number, most: number): number[] {
  const first = decade(low)
  const decades = Array.from({ length: decade(high) - first + 2 }, (_, i) => first + i)
  const within = (factors: readonly number[], every: number) =>
    decades
      .filter((_, i) => i % every === 0)
      .flatMap((power) => factors.map((one) => Number((one * 10 ** power).toPrecision(12))))
      .filter((one) => one >= low * (1 - 1e-9) && one <= high * (1 + 1e-9))
  const choices = [within([1, 2, 5], 1), within([1, 3], 1), within([1], 1)]
  const few = choices.find((ticks) => ticks.length <= most)
  return few ?? within([1], Math.ceil(decades.length / most))
}

/** The nearest 1, 2 or 5 of a decade that is not above. */
function roundDown(value: number): number {
  const power = 10 ** decade(value)
  const factor = [5, 2, 1].find((one) => one * power <= value * (1 + 1e-9)) ?? 1
  return factor * power
}

function roundUp(value: number): number {
  const power = 10 ** decade(value)
  const factor = [1, 2, 5, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10
  return factor * power
}

/** Logarithmic, from a round value below the lowest to one above the highest; both must be above 0. */
export function logScale(lowest: number, highest: number, most = 8): Scale {
  const low = roundDown(lowest)
  const high = Math.max(roundUp(highest), low * 2)
  const span = Math.log(high / low)
  return {
    at: (value) => Math.log(Math.max(value, low) / low) / span,
    ticks: logTicks(low, high, most),
  }
}
