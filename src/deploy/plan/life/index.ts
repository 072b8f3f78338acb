export { commandAt, commandEnv, lifeVariables, workKey } from './effects.ts'
export { loadTestGate, nothingMeasured } from './gate.ts'
export { life } from './life.ts'
export { lifeId, newLife } from './new.ts'
export {
  type AbsoluteBody,
  absoluteKind,
  type ChangeSeen,
  type LifeCause,
  type LifeCommand,
  type LifeSettings,
  type LifeSight,
  type LifeState,
  type MeasuredChange,
  type Sized,
  type TestEnd,
} from './state.ts'
export { measuredParty, partyOf, stepsOf, titleOf } from './steps.ts'
