export type { ChangeRef } from './change.ts'
export { type ProvenanceBody, type TestsBody, trialKinds } from './evidence.ts'
export { looksOf } from './look.ts'
export { type JobPlan, planRun, type RunPlan, type StepPlan } from './plan.ts'
export { renderPlan } from './render.ts'
export { type RunLimits, runMachine } from './run.ts'
export {
  type JobState,
  newRun,
  type RunCommand,
  type RunPhase,
  type RunSeen,
  type RunState,
  type Standing,
  type StepState,
  type Trial,
  type Try,
} from './state.ts'
export type { StepStart, TestSummary, WorkEnd, WorkSpec } from './work.ts'
