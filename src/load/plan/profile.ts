/** One stage of an open profile: the rate goes evenly from one to the other. */
export type Stage = {
  readonly fromPerSecond: number
  readonly toPerSecond: number
  readonly durationMs: number
}

/** The same rate all the time; a soak is a long one. */
export const constant = (perSecond: number, durationMs: number): readonly Stage[] => [
  { fromPerSecond: perSecond, toPerSecond: perSecond, durationMs },
]

/** From one rate to another, evenly. */
export const ramp = (fromPerSecond: number, toPerSecond: number, durationMs: number): readonly Stage[] => [
  { fromPerSecond, toPerSecond, durationMs },
]

/** Equal steps from one rate to another, each as long as the others. */
export function steps(
  fromPerSecond: number,
  toPerSecond: number,
  count: number,
  durationMs: number,
): readonly Stage[] {
  const rise = count > 1 ? (toPerSecond - fromPerSecond) / (count - 1) : 0
  return Array.from({ length: count }, (_, i) =>
    constant(fromPerSecond + i * rise, durationMs / count),
  ).flat()
}

/** A base rate, with a peak in the middle that begins and ends at once. */
export function spike(
  basePerSecond: number,
  peakPerSecond: number,
  durationMs: number,
  peakMs: number,
): readonly Stage[] {
  const aroundMs = (durationMs - peakMs) / 2
  return [
    ...constant(basePerSecond, aroundMs),
    ...constant(peakPerSecond, peakMs),
    ...constant(basePerSecond, aroundMs),
  ]
}

export const durationOf = (stages: readonly Stage[]): number =>
  stages.reduce((sum, { durationMs }) => sum + durationMs, 0)

/** The rate of a warm-up: the first of the profile, and one a second for a profile that begins with nothing. */
export const warmUpRate = (stages: readonly Stage[]): number => stages[0]?.fromPerSecond || 1

/** How many requests a stage has, as an integral. */
const massOf = ({ fromPerSecond, toPerSecond, durationMs }: Stage): number =>
  ((fromPerSecond + toPerSecond) / 2) * (durationMs / 1_000)

/** How many requests a profile has, on average. */
export const expectedRequests = (stages: readonly Stage[]): number =>
  stages.reduce((sum, stage) => sum + massOf(stage), 0)

/** After how many milliseconds of the stage its integral reaches `mass`: the root of a quadratic, in its stable form. */
function timeWithin({ fromPerSecond, toPerSecond, durationMs }: Stage, mass: number): number {
  const seconds = durationMs / 1_000
  const slope = (toPerSecond - fromPerSecond) / seconds
  const root = Math.sqrt(Math.max(0, fromPerSecond ** 2 + 2 * slope * mass))
  return mass === 0 ? 0 : ((2 * mass) / (fromPerSecond + root)) * 1_000
}

/**
 * The times, in milliseconds from the start, at which requests are intended: `next` gives one after the other, and
 * Infinity once the profile has ended.
 * @param gap how much of the integral lies between two: 1 for even arrivals, an exponential for Poisson ones
 */
function timesOf(stages: readonly Stage[], first: number, gap: () => number): { next(): number } {
  let at = 0
  let begun = 0
  let mass = first
  return {
    next() {
      for (let stage = stages[at]; stage; stage = stages[++at]) {
        const whole = massOf(stage)
        if (mass < whole) {
          const time = begun + timeWithin(stage, mass)
          mass += gap()
          return time
        }
        mass -= whole
        begun += stage.durationMs
      }
      return Number.POSITIVE_INFINITY
    },
  }
}

export type ArrivalKind = 'poisson' | 'even'

/**
 * The schedule of an open profile, by exact integration of its rate.
 * @param random a source of chance, uniform in [0, 1), for Poisson arrivals
 * @example const { next } = arrivals(constant(100, 1_000), 'even', Math.random); next() // 5, then 15, 25, …
 */
export function arrivals(
  stages: readonly Stage[],
  kind: ArrivalKind,
  random: () => number,
): { next(): number } {
  if (kind === 'even') return timesOf(stages, 0.5, () => 1)
  const exponential = () => -Math.log(1 - random())
  return timesOf(stages, exponential(), exponential)
}

/** Every `of`-th arrival, beginning with number `index`: workers share one schedule by phase. */
export function phase(all: { next(): number }, index: number, of: number): { next(): number } {
  let skip = index
  return {
    next() {
      for (; skip > 0; skip--) all.next()
      skip = of - 1
      return all.next()
    },
  }
}
