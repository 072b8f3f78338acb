import { type HistogramCounts, quantileOf, totalOf } from '../kernel/index.ts'
import type { EngineEnd, Second } from './engine/engine.ts'
import type { EnginePlan } from './engine/engine-plan.ts'
import { type Part, wholeOf } from './engine/merge.ts'
import { generatorOf } from './generator-health.ts'
import type { LineGoal, LineObservation, LineSecond, MachineNoise } from './plan/line/index.ts'
import type { ServiceUse } from './service/index.ts'

/** A second, and what the service used in it of CPU time when that is known, in milliseconds. */
export type WatchedSecond = Second & { readonly cpuMs?: number }

/** How many took longer. */
const above = ({ upperMs, counts }: HistogramCounts, belowMs: number): number =>
  upperMs.reduce((sum, upper, i) => sum + (upper > belowMs ? (counts[i] ?? 0) : 0), 0)

/** Late and wrong at the same time counts once, as far as can be told. */
const badOf = (scheduled: number, errors: number, late: number): number => Math.min(scheduled, errors + late)

const badIn = ({ counts, response }: Part, belowMs: number): number =>
  counts.errors + above(response, belowMs)

/**
 * The seconds of a step. What came to a bad end after the last of them was scheduled in it, or before: it counts there,
 * or a service that piles up requests would never be seen to be late with them.
 */
function secondsOf(seconds: readonly WatchedSecond[], lengthS: number, { belowMs }: LineGoal): LineSecond[] {
  const measured = seconds.filter(({ second }) => second >= 0)
  const parts = measured.map(({ parts: all }) => wholeOf(all))
  const after = parts.slice(lengthS).reduce((sum, part) => sum + badIn(part, belowMs), 0)
  let inFlight = 0
  return parts.slice(0, lengthS).map((part, i, { length }) => {
    const { scheduled, answered, failed, timedOut, unsent } = part.counts
    inFlight += scheduled - answered - failed - timedOut - unsent
    const logP50 = Math.log(quantileOf(part.response, 0.5) ?? belowMs)
    const bad = badIn(part, belowMs) + (i === length - 1 ? after : 0)
    const cpuMs = measured[i]?.cpuMs
    const cost =
      cpuMs === undefined || answered === 0 ? {} : { cpuMicrosPerRequest: (cpuMs * 1_000) / answered }
    return { scheduled, bad, answered, inFlight, logP50, ...cost }
  })
}

/** The goal's quantile of everything that was scheduled: an error is slower than any answer. */
function atGoal({ tally }: EngineEnd, { quantile }: LineGoal): number | null {
  const { scheduled, errors } = tally.counts
  const answered = totalOf(tally.response)
  if (scheduled === 0 || answered === 0 || errors > (1 - quantile) * scheduled) return null
  return quantileOf(tally.response, Math.min(1, (quantile * scheduled) / answered)) ?? null
}

/** What one step of a search for the load line has shown. Rates count users when they follow a scenario. */
export function observationOf(
  end: EngineEnd,
  seconds: readonly WatchedSecond[],
  plan: EnginePlan,
  goal: LineGoal,
  around: { readonly noise: MachineNoise; readonly tookMs: number; readonly service: ServiceUse | undefined },
): LineObservation {
  const { counts, response, users } = end.tally
  const { said } = generatorOf(end, plan, goal.belowMs)
  const at = (share: number): number => quantileOf(response, share) ?? goal.belowMs
  const through = plan.script.is === 'scenarios' ? users.passed + users.failed : counts.answered
  const lengthS = end.measuredMs / 1_000
  return {
    scheduled: counts.scheduled,
    bad: badOf(counts.scheduled, counts.errors, above(response, goal.belowMs)),
    errors: counts.errors,
    answered: counts.answered,
    answeredPerSecond: lengthS > 0 ? through / lengthS : 0,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    atGoalMs: atGoal(end, goal),
    seconds: secondsOf(seconds, Math.max(1, Math.round(lengthS)), goal),
    generator: said.is === 'sound' ? { is: 'sound' } : { is: 'saturated', reasons: said.reasons },
    noise: around.noise,
    ...(around.service ? { service: around.service } : {}),
    tookMs: around.tookMs,
  }
}
