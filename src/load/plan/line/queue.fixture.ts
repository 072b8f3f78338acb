import type { Random } from '../../../kernel/index.ts'
import type { LineObservation, LineSecond } from './observation.ts'

/** A service in virtual time. All rates per second, durations in seconds. */
export type SimulatedQueue = {
  readonly workers: number
  /** Requests per second that all workers carry together. */
  readonly capacity: number
  /** How long one worker is busy with a request, over its mean. */
  readonly work: 'even' | 'exponential'
  /** Every answer takes this much longer (network), without keeping a worker busy. */
  readonly delayS: number
  /** Standard deviation of the log of the capacity from trial to trial. */
  readonly noise: number
  /** It stops for `forS` on average every `everyS`, at random. */
  readonly stops?: { readonly everyS: number; readonly forS: number }
  /** The share of its capacity that it loses in an hour. */
  readonly leakPerHour?: number
}

export type OpenTrial = {
  readonly ratePerSecond: number
  readonly settleS: number
  readonly durationS: number
  /** Bad is what takes longer, in seconds. */
  readonly belowS: number
  /** Of the goal. */
  readonly quantile?: number
  /** When it begins, since the beginning of the search: a leak goes on between trials. */
  readonly atS: number
}

const exponential = (random: Random): number => -Math.log(1 - random.next())

/** A standard normal value (Box and Muller). */
export const normal = (random: Random): number =>
  Math.sqrt(2 * exponential(random)) * Math.cos(2 * Math.PI * random.next())

/** The capacity during one trial: leaked, and a little different every time. */
const capacityOf = (queue: SimulatedQueue, atS: number, random: Random): number =>
  queue.capacity * (1 - ((queue.leakPerHour ?? 0) * atS) / 3_600) * Math.exp(queue.noise * normal(random))

/** When the stops of a trial begin, ascending, and one that never comes. */
function stopsOf({ stops }: SimulatedQueue, lengthS: number, random: Random): readonly number[] {
  const begins: number[] = []
  if (stops)
    for (let at = exponential(random) * stops.everyS; at < lengthS; at += exponential(random) * stops.everyS)
      begins.push(at)
  return [...begins, Number.POSITIVE_INFINITY]
}

const at = (ascending: ArrayLike<number>, share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? 0

/** The worker who is free first. */
function firstFree(free: Float64Array): number {
  let worker = 0
  for (let other = 1; other < free.length; other++)
    if ((free[other] as number) < (free[worker] as number)) worker = other
  return worker
}

/**
 * Poisson arrivals at a first-come-first-served queue, by Lindley's recursion (each worker's next free time). What
 * arrives while it settles is served, and not counted.
 */
export function openTrial(queue: SimulatedQueue, trial: OpenTrial, random: Random): LineObservation {
  const { ratePerSecond, settleS, durationS, belowS, atS, quantile = 0.99 } = trial
  const lengthS = settleS + durationS
  const meanS = queue.workers / capacityOf(queue, atS, random)
  const free = new Float64Array(queue.workers)
  const stops = stopsOf(queue, lengthS, random)
  const size = Math.max(1, Math.round(durationS))
  const arrived = new Float64Array(size)
  const bad = new Float64Array(size)
  const ended = new Float64Array(size)
  const sum = new Float64Array(size)
  const kept = new Float64Array(Math.ceil(ratePerSecond * durationS * 1.5) + 100)
  let count = 0
  let before = 0
  let endedBefore = 0
  let stop = 0
  for (let now = exponential(random) / ratePerSecond; now < lengthS; ) {
    const worker = firstFree(free)
    let start = Math.max(now, free[worker] as number)
    while (queue.stops && (stops[stop] as number) + queue.stops.forS < start) stop++
    if (queue.stops && start >= (stops[stop] as number)) start = (stops[stop] as number) + queue.stops.forS
    const doneAt = start + (queue.work === 'even' ? meanS : meanS * exponential(random))
    free[worker] = doneAt
    const responseS = doneAt - now + queue.delayS
    const second = Math.floor(now - settleS)
    if (second >= 0) {
      arrived[second] = (arrived[second] as number) + 1
      sum[second] = (sum[second] as number) + responseS
      if (responseS > belowS) bad[second] = (bad[second] as number) + 1
      kept[count++] = responseS * 1_000
    } else before++
    const endedAt = Math.floor(doneAt - settleS)
    if (endedAt < 0) endedBefore++
    else if (endedAt < size) ended[endedAt] = (ended[endedAt] as number) + 1
    now += exponential(random) / ratePerSecond
  }
  let inFlight = before - endedBefore
  const seconds = Array.from({ length: size }, (_, s): LineSecond => {
    inFlight += (arrived[s] as number) - (ended[s] as number)
    return {
      scheduled: arrived[s] as number,
      bad: bad[s] as number,
      answered: ended[s] as number,
      inFlight,
      // The mean stands for the median here: only its trend is looked at.
      logP50: Math.log((1_000 * (sum[s] as number)) / Math.max(1, arrived[s] as number) + 0.01),
    }
  })
  return observationOf(seconds, kept.subarray(0, count), lengthS, quantile)
}

const total = (seconds: readonly LineSecond[], of: (second: LineSecond) => number): number =>
  seconds.reduce((sum, second) => sum + of(second), 0)

/** How long a runner takes beyond what was ordered: to start, to drain, to count. */
const betweenS = 0.4

function observationOf(
  seconds: readonly LineSecond[],
  kept: Float64Array,
  lengthS: number,
  quantile = 0.99,
): LineObservation {
  const sorted = kept.sort()
  const answered = total(seconds, (second) => second.answered)
  return {
    scheduled: total(seconds, (second) => second.scheduled),
    bad: total(seconds, (second) => second.bad),
    errors: 0,
    answered,
    answeredPerSecond: answered / seconds.length,
    p50Ms: at(sorted, 0.5),
    p95Ms: at(sorted, 0.95),
    p99Ms: at(sorted, 0.99),
    atGoalMs: at(sorted, quantile),
    seconds,
    generator: { is: 'sound' },
    noise: { stealShare: 0, cpuPressureShare: null, clockStepMs: 0 },
    tookMs: (lengthS + betweenS) * 1_000,
  }
}

/** Throughput of users without think time: mean value analysis of one station and a delay. */
export function closedTrial(
  queue: SimulatedQueue,
  users: number,
  lengthS: number,
  random: Random,
): LineObservation {
  const capacity = capacityOf(queue, 0, random)
  const delayS = queue.delayS + (queue.workers - 1) / capacity
  let inQueue = 0
  let rate = 0
  for (let n = 1; n <= users; n++) {
    const atStationS = (1 + inQueue) / capacity
    rate = n / (atStationS + delayS)
    inQueue = rate * atStationS
  }
  const perSecond = rate * Math.exp(0.01 * normal(random))
  const second = { scheduled: perSecond, bad: 0, answered: perSecond, inFlight: users, logP50: 0 }
  const seconds = Array.from({ length: Math.round(lengthS) }, () => second)
  return observationOf(seconds, Float64Array.of((users / perSecond) * 1_000), lengthS)
}
