export { type CarriedHistory, createCarried } from './carried.ts'
export { type BusiestHourBody, busiestHourKind, headroomGate } from './headroom-gate.ts'
export { type Calendar, createLoads, type Loads } from './loads.ts'
export { createPeaks, type Hourly, type Peaks } from './peaks.ts'
export { type BudgetSeen, budgetTicketAt, type Deployed, foreseeBudget } from './plan/budget/foresee.ts'
export { type Carried, carriedText, contradiction, type LiveSpan } from './plan/carried.ts'
export { certainly } from './plan/certain.ts'
export { type Around, aroundOf, clockText, dateText } from './plan/dates.ts'
export { type DaysConfig, dayBeginsMs, daysAround } from './plan/days/days.ts'
export { type DurationSeen, foreseeDuration, type Took } from './plan/duration.ts'
export { type FillingSeen, foreseeFilling } from './plan/filling/foresee.ts'
export {
  type FillingQuestion,
  memoryUsed,
  usualQuestions,
  watchedQuestion,
} from './plan/filling/questions.ts'
export type { Finding, Foreseen, FutureKind, Unforeseen } from './plan/finding.ts'
export { future } from './plan/future/future.ts'
export { futureLabel } from './plan/future/label.ts'
export * from './plan/future/state.ts'
export {
  type Ahead,
  type AheadQuestion,
  type Assumed,
  absoluteLineKind,
  aheadFound,
  aheadNext,
  aheadText,
  chancesText,
  costOfRunning,
  doubted,
  fargateSizes,
  foundIn,
  type Headroom,
  type HighestAhead,
  headroomOf,
  highestAhead,
  isOtherSize,
  isOver,
  isSoon,
  type Measured,
  mainLimits,
  measuredFor,
  type Prices,
  readSize,
  readWhatIf,
  reasonsOf,
  runningText,
  type SizeGiven,
  type SizeWanted,
  sentenceOf,
  standingOf,
  type Told,
  type Way,
  waysOf,
} from './plan/headroom/index.ts'
export {
  aheadMs as recordAheadMs,
  cautionOf,
  type ForecastRecord,
  type ForetoldCommand,
  type ForetoldState,
  foretold,
  hoursBetween,
  hoursWanted,
  isForgotten,
  isLookDue,
  keptForecast,
  newForetold,
  recordOf,
  type ThingSeen,
} from './plan/record/index.ts'
export { orSqueezed, type Squeezed, squeezedIn, squeezedLineKind } from './plan/squeezed.ts'
export { hourlyRequests } from './requests.ts'
