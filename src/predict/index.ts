export { type CarriedHistory, createCarried } from './carried.ts'
export { type BusiestHourBody, busiestHourKind, headroomGate } from './headroom-gate.ts'
export { type Calendar, createLoads, type Loads } from './loads.ts'
export { type Carried, carriedText, contradiction, type LiveSpan } from './plan/carried.ts'
export { type DaysConfig, daysAround } from './plan/days/days.ts'
export type { Finding, Foreseen, FutureKind, Unforeseen } from './plan/finding.ts'
export {
  type Ahead,
  type AheadQuestion,
  type Assumed,
  absoluteLineKind,
  aheadFound,
  aheadNext,
  aheadText,
  chancesText,
  doubted,
  foundIn,
  type Headroom,
  type HighestAhead,
  headroomOf,
  highestAhead,
  isOver,
  isSoon,
  type Measured,
  measuredFor,
  type Price,
  readWhatIf,
  reasonsOf,
  restoresText,
  sentenceOf,
  standingOf,
  type Told,
} from './plan/headroom/index.ts'
export { orSqueezed, type Squeezed, squeezedIn, squeezedLineKind } from './plan/squeezed.ts'
export { hourlyRequests } from './requests.ts'
