export { type Asked, whyNot } from './guards.ts'
export { type Chosen, instanceFor, type SqueezedBefore } from './instance.ts'
export { countedIn } from './looking.ts'
export { newSqueeze, squeezeMachine } from './machine.ts'
export type { Promised } from './promised.ts'
export { stagesAhead } from './shares.ts'
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
