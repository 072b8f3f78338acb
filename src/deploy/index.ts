export * from './config.ts'
export { headroomConfig } from './gate-config.ts'
export type { TrafficBefore } from './plan/canary.ts'
export * from './plan/checks/index.ts'
export { type CounterSettings, readScrape, type Scrape } from './plan/counters/index.ts'
export * from './plan/deployment.ts'
export * from './plan/gates/command.ts'
export * from './plan/gates/compatible.ts'
export * from './plan/gates/freeze.ts'
export * from './plan/gates/settings.ts'
export * from './plan/gates/sign-off.ts'
export * from './plan/gates/soak.ts'
export * from './plan/gates/stays.ts'
export { type Passage, passageThrough } from './plan/gating.ts'
export * from './plan/in-step/index.ts'
export { countersDue } from './plan/judging.ts'
export * from './plan/lane.ts'
export {
  type Floor,
  type Holder,
  type LaneCommand,
  type LaneState,
  type Live,
  laneId,
  newLane,
} from './plan/lane-state.ts'
export * from './plan/ledger.ts'
export * from './plan/life/index.ts'
export * from './plan/new.ts'
export { heldText } from './plan/no-way-back.ts'
export * from './plan/order.ts'
export { type Preview, previewStages } from './plan/preview.ts'
export { lastDue, nextDue, readSchedule } from './plan/schedule.ts'
export type { Schema } from './plan/schema.ts'
export { cannotRun } from './plan/settled.ts'
export * from './plan/spike/index.ts'
export * from './plan/squeeze/index.ts'
export * from './plan/stage.ts'
export * from './plan/state.ts'
export { taskKey, taskVariables } from './plan/tasks.ts'
export { planUndo } from './plan/undo.ts'
export * from './plan/waiver.ts'
export type { SqueezeConfig } from './squeeze-config.ts'
export { type TryConfig, tryConfig } from './try-config.ts'
