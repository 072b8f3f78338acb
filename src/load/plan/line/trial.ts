import { z } from 'zod'
import type { LineObservation, LineSecond } from './observation.ts'
import { tQuantile } from './quantiles.ts'
import { slopeOf } from './slope.ts'

export const trialPhase = z.enum(['bracket', 'bisect', 'staircase', 'confirm'])
export type TrialPhase = z.infer<typeof trialPhase>

const share = z.number().min(0).max(1)

/** A trial that counts: all observations at one rate, one after the other. */
export const lineTrial = z.object({
  phase: trialPhase,
  ratePerSecond: z.number(),
  verdict: z.enum(['pass', 'fail']),
  /** Why, in a few words. */
  because: z.string(),
  /** Of scheduled requests; `low` and `high` from batch means of a second, one-sided 95 % each. */
  badShare: share,
  badShareLow: share,
  badShareHigh: share,
  scheduled: z.number(),
  bad: z.number(),
  errors: z.number(),
  answeredPerSecond: z.number(),
  p50Ms: z.number(),
  p95Ms: z.number(),
  p99Ms: z.number(),
  /** The goal's quantile of what was scheduled; null when more than that failed. */
  atGoalMs: z.number().nullable(),
  /** Seconds that counted. */
  seconds: z.number(),
  /** How often it was ordered: 1 to 3. */
  parts: z.number(),
  /** Of the cores that the service may use, what it used; null: not known. */
  cpuShare: z.number().nullable(),
  /** Of one core, what the busiest thread of the service used; null: not known. */
  busiestThreadShare: z.number().nullable(),
  /** Of the memory that the service may use, the most that it had; absent: not known. */
  memoryShare: z.number().optional(),
  /** What the service runs. */
  program: z.string().optional(),
})
export type LineTrial = z.infer<typeof lineTrial>

/** What is known of the share of bad requests. */
export type BadShare = { readonly share: number; readonly low: number; readonly high: number }

const leastAnswered = 0.98
const mostParts = 3
/** Extensions end when this much is certain. */
const confidence = 0.95

/**
 * Share of bad requests with one-sided 95 % bounds. Requests of one second are not independent of each other, seconds
 * nearly are: the bounds come from batch means of a second. With none bad, from n good requests in a row.
 */
export function badShareOf(seconds: readonly LineSecond[]): BadShare {
  const scheduled = seconds.reduce((sum, second) => sum + second.scheduled, 0)
  const bad = seconds.reduce((sum, second) => sum + second.bad, 0)
  if (scheduled === 0) return { share: 0, low: 0, high: 1 }
  const share = bad / scheduled
  if (bad === 0) return { share, low: 0, high: 1 - (1 - confidence) ** (1 / scheduled) }
  const n = seconds.length
  if (n < 3) return { share, low: 0, high: 1 }
  const spread = seconds.reduce((sum, s) => sum + (s.bad - share * s.scheduled) ** 2, 0) / (n - 1)
  const half = (tQuantile(confidence, n - 1) * Math.sqrt(spread * n)) / scheduled
  return { share, low: Math.max(0, share - half), high: Math.min(1, share + half) }
}

/** Requests pile up: fewer are answered than come, or the number in flight rises together with the latency. */
export function pilesUp(seconds: readonly LineSecond[]): boolean {
  const scheduled = seconds.reduce((sum, second) => sum + second.scheduled, 0)
  const answered = seconds.reduce((sum, second) => sum + second.answered, 0)
  if (seconds.length < 3) return false
  const inFlight = slopeOf(seconds.map((second) => second.inFlight))
  const logP50 = slopeOf(seconds.map((second) => second.logP50))
  const rises = (inFlight?.low ?? 0) > 0 && (logP50?.low ?? 0) > 0
  // Rising for certain and by enough to matter: a fiftieth of what comes.
  const perSecond = scheduled / seconds.length
  return rises && (inFlight?.slope ?? 0) > (1 - leastAnswered) * perSecond && answered < scheduled
}

export type Judgement = { readonly is: 'pass' | 'fail' | 'extend'; readonly because: string }

/**
 * Whether a rate keeps the goal: pass or fail when that is certain, extend while it is not, and after the third part
 * by the share itself.
 */
export function judgeTrial(
  seconds: readonly LineSecond[],
  budget: number,
  parts: number,
  most = mostParts,
): Judgement {
  const { share, low, high } = badShareOf(seconds)
  if (pilesUp(seconds)) return { is: 'fail', because: 'requests pile up' }
  if (high <= budget) return { is: 'pass', because: 'within the goal' }
  if (low > budget) return { is: 'fail', because: 'over the goal' }
  if (parts < most) return { is: 'extend', because: 'not yet certain' }
  return share <= budget
    ? { is: 'pass', because: 'within the goal, not for certain' }
    : { is: 'fail', because: 'over the goal, not for certain' }
}

const meanOf = (values: readonly (number | undefined)[]): number | null => {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

/** Quantiles of several parts: their mean, weighted by what they answered (the parts' histograms are not kept). */
function overParts(parts: readonly LineObservation[], of: (part: LineObservation) => number): number {
  const answered = parts.reduce((sum, part) => sum + part.answered, 0)
  if (answered === 0) return Math.max(0, ...parts.map(of))
  return parts.reduce((sum, part) => sum + of(part) * part.answered, 0) / answered
}

/** Sums the parts of one rate up. */
export function trialOf(
  phase: TrialPhase,
  ratePerSecond: number,
  parts: readonly LineObservation[],
  judgement: { readonly is: 'pass' | 'fail'; readonly because: string },
): LineTrial {
  const seconds = parts.flatMap((part) => part.seconds)
  const sum = (of: (part: LineObservation) => number) => parts.reduce((total, part) => total + of(part), 0)
  const { share, low, high } = badShareOf(seconds)
  const program = parts.at(-1)?.service?.program
  const memory = parts.flatMap((part) => part.service?.memoryShare ?? [])
  return {
    phase,
    ratePerSecond,
    verdict: judgement.is,
    because: judgement.because,
    badShare: share,
    badShareLow: low,
    badShareHigh: high,
    scheduled: sum((part) => part.scheduled),
    bad: sum((part) => part.bad),
    errors: sum((part) => part.errors),
    answeredPerSecond: overParts(parts, (part) => part.answeredPerSecond),
    p50Ms: overParts(parts, (part) => part.p50Ms),
    p95Ms: overParts(parts, (part) => part.p95Ms),
    p99Ms: overParts(parts, (part) => part.p99Ms),
    atGoalMs: parts.some((part) => part.atGoalMs === null)
      ? null
      : Math.exp(overParts(parts, (part) => Math.log(part.atGoalMs ?? 1))),
    seconds: seconds.length,
    parts: parts.length,
    cpuShare: meanOf(parts.map((part) => part.service?.cpuShare)),
    busiestThreadShare: meanOf(parts.map((part) => part.service?.busiestThreadShare)),
    ...(memory.length === 0 ? {} : { memoryShare: Math.max(...memory) }),
    ...(program === undefined ? {} : { program }),
  }
}
