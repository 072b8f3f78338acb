import { formatDuration } from '../../kernel/index.ts'
import { startBeside, takeOver } from './blue-green.ts'
import { type CanaryPlan, planCanary } from './judge/index.ts'
import type { CanarySettings } from './order.ts'
import type { Stage } from './stage.ts'
import { weights } from './watch.ts'

/** Until there is traffic to plan by: the new fleet beside the live one, the plan itself, and how it ends. */
export function planCanaryFrame(from: number, to: number, bakeMs: number): Stage[] {
  const at = { sizes: { from, to }, serving: { from, to: 0 } }
  return [
    ...startBeside(from, to),
    { do: 'plan', title: 'plan the stages from the traffic', ...at },
    ...takeOver(from, to, bakeMs),
  ]
}

/** The stages of a canary among the others, in the place where they are planned. */
export function putIn(
  stages: readonly Stage[],
  at: number,
  plan: CanaryPlan,
  from: number,
  to: number,
): Stage[] {
  return [...stages.slice(0, at + 1), ...canaryStages(plan, from, to), ...stages.slice(at + 1)]
}

/** What the live version answered while the new fleet was started. */
export type TrafficBefore = { readonly seconds: number; readonly requests: number; readonly failures: number }

/** Rarer than this nothing can be planned by; and a live version that never failed yet fails now and then. */
const [fewestPerSecond, fewestFailures] = [0.01, 0.001]

/** Of the chance of a false alarm, for failures. */
function errorsPart({ latency, counters = [] }: CanarySettings): number {
  const others = counters.reduce((sum, { weight }) => sum + weight, latency ? weights.latency : 0)
  return weights.errors / (weights.errors + others)
}

/** @returns shares and times, with what they find and what that costs */
export function planFrom(canary: CanarySettings, { seconds, requests, failures }: TrafficBefore): CanaryPlan {
  const failing = requests > 0 ? failures / requests : 0
  // What fails as often as what is looked for cannot be told from it.
  const baselineErrorRatio = Math.min(Math.max(fewestFailures, failing), canary.find / 2)
  return planCanary({
    requestsPerSecond: Math.max(fewestPerSecond, seconds > 0 ? requests / seconds : 0),
    baselineErrorRatio,
    alpha: canary.alpha,
    find: { errorRatio: canary.find },
    errorsPart: errorsPart(canary),
    stageAtMostSeconds: canary.stageAtMostMs / 1_000,
    ...(canary.shares ? { stages: canary.shares } : {}),
  })
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`

/**
 * The stages between the plan and the takeover: each sends its share and is judged, the last until the new release has
 * passed. Both fleets are whole all the while.
 */
export function canaryStages(plan: CanaryPlan, from: number, to: number): Stage[] {
  const at = { sizes: { from, to }, serving: { from, to } }
  return plan.stages.flatMap(({ share, shortestSeconds }, i): Stage[] => {
    const mustPass = i === plan.stages.length - 1
    const leastMs = shortestSeconds * 1_000
    const long = mustPass ? 'until it is judged' : `for ${formatDuration(leastMs)}`
    return [
      { do: 'traffic', title: `${percent(share)} of the requests to the new instances`, ...at, share },
      {
        do: 'judge',
        title: `judge it at ${percent(share)} ${long}`,
        ...at,
        share,
        judge: { leastMs, mustPass },
      },
    ]
  })
}
