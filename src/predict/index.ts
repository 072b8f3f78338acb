export { type CarriedHistory, createCarried } from './carried.ts'
export { type BusiestHourBody, busiestHourKind, headroomGate } from './headroom-gate.ts'
export { createLoads, type Loads } from './loads.ts'
export { type Carried, carriedText, contradiction, type LiveSpan } from './plan/carried.ts'
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
export { orSqueezed, type Squeezed, squeezedIn, squeezedLineKind } from './plan/squeezed.ts'
export { hourlyRequests } from './requests.ts'
