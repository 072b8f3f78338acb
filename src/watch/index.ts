export type { AlertsConfig, SloConfig } from './config.ts'
export { errorBudgetGate, errorBudgetKind } from './gate.ts'
export { createLoads, type Loads } from './headroom/loads.ts'
export { type BusiestHourBody, busiestHourKind, headroomGate } from './headroom-gate.ts'
export { alerts } from './plan/alerts/alerts.ts'
export { burningIn } from './plan/alerts/firing.ts'
export * from './plan/alerts/state.ts'
export {
  absoluteLineKind,
  foundIn,
  type Headroom,
  headroomOf,
  measuredFor,
  reasonsOf,
  sentenceOf,
  standingOf,
} from './plan/headroom/index.ts'
export { ruleGroups } from './plan/rules/groups.ts'
export type { RuleGroup } from './plan/rules/names.ts'
export { type Budget, budgetOf, burnsOf } from './plan/slo/budget.ts'
export { burningOf } from './plan/slo/burning.ts'
export { judgeSlo } from './plan/slo/evaluate.ts'
export { heardOf, isNews, type SloLook } from './plan/slo/looks.ts'
export { neverFiring } from './plan/slo/never.ts'
export { burnsNow } from './plan/slo/now.ts'
export { promisedIn } from './plan/slo/places.ts'
export { type AlertWindow, alertWindows, canFire, neededBadShare } from './plan/slo/windows.ts'
export { type Budgets, createBudgets, type Promised } from './slo/budgets.ts'
export type { ReplayedPromise } from './slo/replaying.ts'
export { slosConfig } from './slo-config.ts'
