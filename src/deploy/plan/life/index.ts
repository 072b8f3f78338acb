export { commandAt, lifeVariables, workKey } from './effects.ts'
export { loadTestGate, nothingMeasured } from './gate.ts'
export { life } from './life.ts'
export { lifeId, newLife } from './new.ts'
export {
  type AbsoluteBody,
  absoluteKind,
  type LifeCause,
  type LifeCommand,
  type LifeSettings,
  type LifeSight,
  type LifeState,
  type TestEnd,
} from './state.ts'
export { titleOf } from './steps.ts'
