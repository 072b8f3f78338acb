import { planFrom, putIn, type TrafficBefore } from './canary.ts'
import type { CanaryPlan } from './judge/index.ts'
import type { DeploymentKind, DeploymentSettings } from './order.ts'
import type { Stage } from './stage.ts'
import { planStages } from './strategy.ts'
import { planUndo } from './undo.ts'

/** What a deployment would do. */
export type Preview = {
  readonly stages: readonly Stage[]
  /** Of a canary whose live version is asked enough to plan by. */
  readonly plan?: CanaryPlan
  /** The way back once the new release takes all requests. */
  readonly back: readonly Stage[]
}

/**
 * The stages that a deployment ordered now would go through, by the planner that plans it when it begins.
 * @param from instances of the live fleet; 0 when nothing is live
 * @param lately what the live version has answered; without it a canary's own stages are not known yet
 */
export function previewStages(
  kind: DeploymentKind,
  settings: DeploymentSettings,
  from: number,
  lately: TrafficBefore | undefined,
): Preview {
  const frame = planStages(kind, settings, from)
  // From there on the new release does all the work, and the live one still stands by.
  const takesAll = frame.findLast(
    ({ do: is, sizes }) => (is === 'traffic' || is === 'fleets') && sizes.from > 0,
  )
  const back = planUndo(settings, takesAll, from)
  const at = frame.findIndex((stage) => stage.do === 'plan')
  if (at < 0 || settings.strategy.is !== 'canary' || !lately || lately.requests === 0)
    return { stages: frame, back }
  const plan = planFrom(settings.strategy, lately)
  return { stages: putIn(frame, at, plan, from, settings.instances), plan, back }
}
