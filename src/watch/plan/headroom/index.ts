export { type Headroom, type HeadroomQuestion, headroomOf, type Standing, standingOf } from './headroom.ts'
export { absoluteLineKind, type Measured, measuredFor } from './lines.ts'
export { hourMs, type Load, loadIn, lookBackMs } from './load.ts'
export { foundIn, reasonsOf, sentenceOf } from './sentence.ts'
