import { seededRandom } from '../../../kernel/index.ts'
import { bootstrap } from './bootstrap.ts'
import { fitCrossing, type RatePoint } from './crossing.ts'
import type { LinePlan } from './options.ts'
import { sortedQuantile, tQuantile } from './quantiles.ts'
import type { LineTrial } from './trial.ts'

/** The load line with its 95 % interval, requests per second. */
export type LineEstimate = { readonly ratePerSecond: number; readonly low: number; readonly high: number }

const draws = 400
/** Whole trials are few: percentiles of a bootstrap are too narrow by about this much (Student over normal). */
const widening = (trials: number): number =>
  (tQuantile(0.975, Math.max(2, trials - 2)) / 1.96) * Math.sqrt(trials / Math.max(1, trials - 2))

/** Beyond this factor of the goal a latency says no more than that it was kept, or not. */
const far = 1.25

const pointOf =
  ({ goal, trialMs }: LinePlan) =>
  ({ ratePerSecond, atGoalMs, seconds }: LineTrial): RatePoint => {
    const over = atGoalMs === null ? far : atGoalMs / goal.belowMs
    const y = Math.max(-1, Math.min(1, Math.log(over) / Math.log(far)))
    return { x: Math.log(ratePerSecond), y, weight: Math.min(1, (seconds * 1_000) / trialMs) }
  }

/** Far trials are all within or all beyond, and say nothing of where it turns: so far, in log rate, a trial counts. */
const near = 0.2

/**
 * The rate at which a trial keeps the goal as often as not: where the latency that the goal is about crosses it, over
 * log rate; its interval by drawing whole trials anew (seeded, so that the same trials always give the same line).
 * @param trials at least one
 */
export function estimateLine(plan: LinePlan, trials: readonly LineTrial[]): LineEstimate {
  const all = trials.map(pointOf(plan))
  const rough = fitCrossing(all)
  const points = all.filter(({ x }) => Math.abs(x - rough.x) <= near)
  const whole = points.length > 0 ? fitCrossing(points, rough) : rough
  const random = seededRandom(plan.seed).fork(`bootstrap ${trials.length}`)
  const figures = bootstrap(
    points.length > 0 ? points : all,
    draws,
    random,
    (drawn) => fitCrossing(drawn, whole).x,
  )
  const wider = widening(points.length)
  const low = whole.x - wider * Math.max(0, whole.x - sortedQuantile(figures, 0.025))
  const high = whole.x + wider * Math.max(0, sortedQuantile(figures, 0.975) - whole.x)
  return { ratePerSecond: Math.exp(whole.x), low: Math.exp(low), high: Math.exp(high) }
}
