export type { Shift } from './finding.ts'
export { historyOf } from './history.ts'
export { levelShifts } from './levels.ts'
export type { Step } from './step.ts'
