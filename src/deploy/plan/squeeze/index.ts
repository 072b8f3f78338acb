export { whyNot } from './guards.ts'
export { newSqueeze, squeezeMachine } from './machine.ts'
export type { Promised } from './promised.ts'
export { sharesOf } from './shares.ts'
export {
  type FiringSeen,
  type SqueezeCommand,
  type SqueezedBody,
  type SqueezeFound,
  type SqueezeSettings,
  type SqueezeSight,
  type SqueezeState,
  squeezedKind,
  squeezeId,
} from './state.ts'
