import { type Detection, detect, type Question } from './detection.ts'
import { planSentence, stageSentence } from './plan-sentences.ts'

/** What a canary is planned from. */
export type PlanRequest = {
  readonly requestsPerSecond: number
  /** Share of the live version's requests that fail. */
  readonly baselineErrorRatio: number
  readonly alpha: number
  /** A release that fails so many of its requests is to be found in the first stage. */
  readonly find: { readonly errorRatio: number }
  /** So long that may take; when no share is quick enough, the quickest is taken. Half a minute when not given. */
  readonly withinSeconds?: number
  /** Requests that such a release may harm until it is found. */
  readonly harmAtMost?: number
  /** No stage is to last longer, whatever it would find then. */
  readonly stageAtMostSeconds?: number
  /** Shares of the stages; chosen when not given. */
  readonly stages?: readonly number[]
  /** Part of the chance of a false alarm that failures have: `part` of the judge's metric `errors`. 3/4 when not given. */
  readonly errorsPart?: number
}

/** One stage of a canary: the share, how long, and what it finds. */
export type PlannedStage = {
  readonly share: number
  /** A release as bad as `find` is found by then with 95 %, unless a stage may not last so long. */
  readonly shortestSeconds: number
  /** Longer is not worth waiting. */
  readonly longestSeconds: number
  /** A release that always fails, one as bad as asked for, and one a fifth as bad; those that can be found. */
  readonly finds: readonly Detection[]
  readonly sentence: string
}

export type CanaryPlan = {
  readonly stages: readonly PlannedStage[]
  readonly shortestSeconds: number
  readonly longestSeconds: number
  /** Requests harmed by a release as bad as `find`, in the first stage, half the time; null when it is not found. */
  readonly harmed: number | null
  readonly sentence: string
}

/** Shares that a planner may choose for the first stage. */
const shares: readonly number[] = [
  0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5,
]

const questionOf = (p: PlanRequest, share: number, errorRatio: number): Question => ({
  requestsPerSecond: p.requestsPerSecond,
  baselineErrorRatio: p.baselineErrorRatio,
  errorRatio,
  share,
  alpha: p.alpha,
  errorsPart: p.errorsPart ?? 0.75,
})

const quickest = (found: readonly Chosen[]): Chosen | undefined =>
  found.reduce<Chosen | undefined>(
    (best, each) => (best && best.detection.seconds <= each.detection.seconds ? best : each),
    undefined,
  )

type Chosen = { readonly share: number; readonly detection: Detection }

/**
 * The smallest share that finds it in time, so that few notice; the quickest when none is quick enough. With a limit
 * of harm, among the shares that keep it; when none does, the one that harms least.
 */
function firstShare(p: PlanRequest): number {
  const found = shares.flatMap((share) => {
    const detection = detect(questionOf(p, share, p.find.errorRatio))
    return detection ? [{ share, detection }] : []
  })
  const most = p.harmAtMost ?? Infinity
  const least = Math.min(...found.map(({ detection }) => detection.harmed))
  const harmless = found.filter(({ detection }) => detection.harmed <= Math.max(most, least))
  const within = harmless.find(({ detection }) => detection.seconds <= (p.withinSeconds ?? 30))
  return (within ?? quickest(harmless))?.share ?? 0.5
}

/** From the first share to half of the requests, in steps of about five times. */
function shareSteps(first: number): readonly number[] {
  const between = Math.max(0, Math.round(Math.log(0.5 / first) / Math.log(5)) - 1)
  const middle = Array.from({ length: between }, (_, i) => first * (0.5 / first) ** ((i + 1) / (between + 1)))
  const steps = [first, ...middle.map((share) => Number(share.toPrecision(1))), 0.5]
  return [...new Set(steps)]
}

/** Without a way to find a release there is nothing to wait for but an impression. */
const blindSeconds = 300

function planStage(p: PlanRequest, share: number): PlannedStage {
  const ratios = [...new Set([1, p.find.errorRatio, p.find.errorRatio / 5])]
  const finds = ratios.flatMap((errorRatio) => detect(questionOf(p, share, errorRatio)) ?? [])
  const asked = finds.find(({ errorRatio }) => errorRatio === p.find.errorRatio)
  const wanted = Math.ceil(asked?.secondsFor95 ?? blindSeconds)
  const shortestSeconds = Math.min(wanted, p.stageAtMostSeconds ?? Infinity)
  const stage = { share, shortestSeconds, longestSeconds: 3 * shortestSeconds + blindSeconds, finds }
  return { ...stage, sentence: stageSentence(stage) }
}

function problemOf(p: PlanRequest): string | undefined {
  const isRatio = (value: number) => value >= 0 && value < 1
  if (!(p.requestsPerSecond > 0 && Number.isFinite(p.requestsPerSecond)))
    return `requestsPerSecond is ${p.requestsPerSecond}, expected more than 0`
  if (!isRatio(p.baselineErrorRatio))
    return `baselineErrorRatio is ${p.baselineErrorRatio}, expected 0 to below 1`
  if (!(p.alpha > 0 && p.alpha < 1)) return `alpha is ${p.alpha}, expected above 0 and below 1`
  if (!(p.find.errorRatio > p.baselineErrorRatio && p.find.errorRatio <= 1))
    return `find.errorRatio is ${p.find.errorRatio}, expected more than the baseline's ${p.baselineErrorRatio}, at most 1`
  const wrong = p.stages?.find((share) => !(share > 0 && share < 1))
  return wrong === undefined ? undefined : `stages have a share of ${wrong}, expected above 0 and below 1`
}

/**
 * Stages of a canary, each with what it finds and what that costs.
 * @throws RangeError when what is asked makes no sense
 */
export function planCanary(p: PlanRequest): CanaryPlan {
  const problem = problemOf(p)
  if (problem) throw new RangeError(`a canary that cannot be planned: ${problem}`)
  const steps = p.stages && p.stages.length > 0 ? p.stages : shareSteps(firstShare(p))
  const stages = steps.map((share) => planStage(p, share))
  const sum = (of: (stage: PlannedStage) => number) => stages.reduce((total, stage) => total + of(stage), 0)
  const found = stages[0]?.finds.find(({ errorRatio }) => errorRatio === p.find.errorRatio)
  const plan = {
    stages,
    shortestSeconds: sum(({ shortestSeconds }) => shortestSeconds),
    longestSeconds: sum(({ longestSeconds }) => longestSeconds),
    harmed: found?.harmed ?? null,
  }
  return { ...plan, sentence: planSentence(plan, p) }
}
