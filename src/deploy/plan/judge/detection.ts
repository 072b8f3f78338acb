import { staked } from './evidence.ts'
import { type FailuresPerSecond, secondsUntil } from './few-failures.ts'
import { byShareWeight } from './metric.ts'
import { logSumExp, worseRatios } from './ratios.ts'

/** A release that is to be found, in a canary that gets a share of the requests. */
export type Question = {
  readonly requestsPerSecond: number
  /** Of the live version. */
  readonly baselineErrorRatio: number
  /** Of the release that is to be found. */
  readonly errorRatio: number
  readonly share: number
  readonly alpha: number
  /** Of the chance of a false alarm, for failures. */
  readonly errorsPart: number
}

/** How a bad release is found. Half of them are found sooner than `seconds`, 95 % within `secondsFor95`. */
export type Detection = {
  readonly errorRatio: number
  /** Failed requests of the canary until then. */
  readonly failures: number
  readonly seconds: number
  readonly secondsFor95: number
  /** Requests that failed until then and would not have. */
  readonly harmed: number
}

/** The judge's ln E when the canary has failed x times, and the live version so often. */
function logE(x: number, live: number, q: Question): number {
  const bets = worseRatios.map((r) => x * Math.log(r) - (x + live) * Math.log1p(q.share * (r - 1)))
  const part = byShareWeight * q.errorsPart * staked
  return logSumExp(bets) + Math.log(part / worseRatios.length)
}

const mostFailures = 1e7

/**
 * The canary's failures at which E reaches 1/α, with their fraction; Infinity when it never does.
 * @param livePerFailure how often the live version fails meanwhile, for each of them
 */
function failuresNeeded(q: Question, livePerFailure: number): number {
  const isEnough = (x: number) => logE(x, x * livePerFailure, q) >= -Math.log(q.alpha)
  let over = 1
  while (!isEnough(over)) {
    if (over > mostFailures) return Infinity
    over *= 2
  }
  let under = 0
  for (let i = 0; i < 40; i++) {
    const half = (under + over) / 2
    if (isEnough(half)) over = half
    else under = half
  }
  return over
}

/** Quantiles of the time in units of a mean between failures until so many have come (gamma; Wilson & Hilferty 1931). */
const gammaQuantile = (count: number, normal: number): number =>
  count * Math.max(0, 1 - 1 / (9 * count) + normal / (3 * Math.sqrt(count))) ** 3

/** Failures come whole: E is beyond what it needs when the last one comes, by half a failure on average. */
const overshoot = 0.5
/** No step decides alone: three looks of a second. */
const fewestSeconds = 3
type Times = Pick<Detection, 'seconds' | 'secondsFor95'>

/** Up to so many failures of the canary, and of the live version meanwhile, each is a step that counts. */
const few = { canary: 20, live: 8 }
/** Of the live version: more hardly ever come. */
const mostLive = 5 * few.live

/** The canary's failures that it takes when the live version has failed 0, 1, 2, … times. */
function neededByLive(q: Question): readonly number[] {
  const needed: number[] = []
  for (let live = 0, x = 1; live <= mostLive; live++) {
    while (logE(x, live, q) < -Math.log(q.alpha)) x++
    needed.push(x)
  }
  return needed
}

function timesOfFew(q: Question, perSecond: FailuresPerSecond): Times {
  const needed = neededByLive(q)
  return {
    seconds: secondsUntil(0.5, perSecond, needed),
    secondsFor95: secondsUntil(0.95, perSecond, needed),
  }
}

const timesOfMany = (count: number, perSecond: FailuresPerSecond): Times => ({
  seconds: gammaQuantile(count, 0) / perSecond.canary,
  secondsFor95: gammaQuantile(count, 1.645) / perSecond.canary,
})

/** How long it takes to find a release; undefined when it fails too little more than the live version to be found. */
export function detect(q: Question): Detection | undefined {
  if (q.errorRatio <= q.baselineErrorRatio) return undefined
  const perSecond = {
    canary: q.requestsPerSecond * q.share * q.errorRatio,
    live: q.requestsPerSecond * (1 - q.share) * q.baselineErrorRatio,
  }
  const livePerFailure = perSecond.live / perSecond.canary
  const count = failuresNeeded(q, livePerFailure) + overshoot
  if (!Number.isFinite(count)) return undefined
  const isFew = count <= few.canary && count * livePerFailure <= few.live
  const times = isFew ? timesOfFew(q, perSecond) : timesOfMany(count, perSecond)
  const seconds = Math.max(fewestSeconds, times.seconds)
  const harmedPerSecond = q.requestsPerSecond * q.share * (q.errorRatio - q.baselineErrorRatio)
  return {
    errorRatio: q.errorRatio,
    failures: Math.ceil(perSecond.canary * seconds),
    seconds,
    secondsFor95: Math.max(fewestSeconds, times.secondsFor95),
    harmed: harmedPerSecond * seconds,
  }
}
