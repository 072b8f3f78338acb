export {
  type Ahead,
  type AheadQuestion,
  aheadOf,
  isSoon,
  type LoadAhead,
  type Told,
} from './ahead.ts'
export {
  aheadFound,
  aheadNext,
  aheadText,
  chancesText,
  isOver,
} from './ahead-words.ts'
export type { Assumed } from './assumed.ts'
export { type Headroom, type HeadroomQuestion, headroomOf, type Standing, standingOf } from './headroom.ts'
export { crossesAhead, type HighestAhead, highestAhead } from './highest.ts'
export { absoluteLineKind, doubted, type Measured, measuredFor } from './lines.ts'
export type { Load } from './load.ts'
export { costOfRunning, type Prices, runningText } from './price.ts'
export { foundIn, reasonsOf, sentenceOf } from './sentence.ts'
export { readSize, type SizeGiven } from './size-text.ts'
export { fargateSizes, mainLimits } from './sizes.ts'
export { type Way, waysOf } from './ways.ts'
export { readWhatIf } from './what-if.ts'
export { isOtherSize, type SizeWanted } from './whole.ts'
