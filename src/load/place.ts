import { availableParallelism, totalmem } from 'node:os'
import type { MachinePlace } from './plan/place.ts'

/** Asked once, at the start: a process that gave cores away later would count only its own. */
const cores = availableParallelism()

/** This machine. */
export const thisPlace = (): MachinePlace => ({
  cores,
  memoryBytes: totalmem(),
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
})
