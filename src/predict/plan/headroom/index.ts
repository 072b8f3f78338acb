export { type Headroom, type HeadroomQuestion, headroomOf, type Standing, standingOf } from './headroom.ts'
export { absoluteLineKind, type Measured, measuredFor } from './lines.ts'
export type { Load } from './load.ts'
export { foundIn, reasonsOf, sentenceOf } from './sentence.ts'
