export { foretold, isForgotten, isLookDue } from './foretold.ts'
export { hoursBetween, hoursWanted, keptForecast } from './keep.ts'
export { type ForecastRecord, recordOf } from './record.ts'
export {
  aheadMs,
  type ForetoldCommand,
  type ForetoldState,
  newForetold,
  type ThingSeen,
} from './state.ts'
export { cautionOf } from './text.ts'
