export {
  comingIn,
  type Difference,
  type Drift,
  driftOf,
  type Following,
  type Running,
  undeclared,
} from './drift.ts'
export { driftGate } from './gate.ts'
export { type InStep, settingsInStep, sizeInStep } from './settings.ts'
export {
  driftKind,
  inStepWatch,
  newWatch,
  type TestOrder,
  type WatchCommand,
  type WatchSight,
  type WatchState,
  withSince,
} from './watch.ts'
