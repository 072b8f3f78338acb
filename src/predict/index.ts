export { type BusiestHourBody, busiestHourKind, headroomGate } from './headroom-gate.ts'
export { createLoads, type Loads } from './loads.ts'
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
export { hourlyRequests } from './requests.ts'
