import { planBlueGreen } from './blue-green.ts'
import { planCanaryFrame } from './canary.ts'
import type { DeploymentKind, DeploymentSettings } from './order.ts'
import { possible } from './possible.ts'
import { planRolling } from './rolling.ts'
import type { Stage } from './stage.ts'
import { planSuccession } from './succession.ts'
import { withTasks } from './tasks.ts'

/**
 * The stages of a deployment, before it begins. Without a live version there is nothing to compare with, and a rollback
 * is not to wait for a judge: both go as straight as their strategy allows.
 * @param from instances of the live fleet; 0 when nothing is live
 */
function ofStrategy(
  kind: DeploymentKind,
  { strategy, instances, bakeMs }: DeploymentSettings,
  from: number,
): Stage[] {
  if (strategy.is === 'rolling' && strategy.overlap === false) return planSuccession(from, instances, bakeMs)
  if (strategy.is === 'rolling') return planRolling(from, instances, strategy.surge, bakeMs)
  if (kind === 'rollback') return planBlueGreen(from, instances, 0)
  if (strategy.is === 'blueGreen' || from === 0) return planBlueGreen(from, instances, bakeMs)
  return planCanaryFrame(from, instances, bakeMs)
}

/** The stages of a deployment before it begins, with the commands that belong to it. */
export const planStages = (kind: DeploymentKind, settings: DeploymentSettings, from: number): Stage[] =>
  possible(settings, withTasks(kind, settings, from, ofStrategy(kind, settings, from)))
