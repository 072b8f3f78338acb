export {
  type ChangePoint,
  type ChangePointOptions,
  changePoints,
  defaultChangePointOptions,
} from './change-points.ts'
export type { Drift, History, HistoryPoint, Shift, Total } from './finding.ts'
export { type HistoryOptions, historyOf } from './history.ts'
export { type Level, levelShifts } from './levels.ts'
export type { Step } from './step.ts'
