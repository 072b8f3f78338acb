export { compareMachine } from './machine.ts'
export {
  type CompareCommand,
  type CompareEnd,
  type CompareHow,
  type CompareProgress,
  type CompareSeen,
  type CompareSettings,
  type CompareStart,
  type CompareState,
  compareKey,
  newCompare,
  type SideNames,
  type SideStart,
  type SizesCompared,
} from './state.ts'
