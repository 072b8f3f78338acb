import { availableParallelism, totalmem } from 'node:os'
import type { MachinePlace } from './plan/place.ts'

/** This machine. */
export const thisPlace = (): MachinePlace => ({
  cores: availableParallelism(),
  memoryBytes: totalmem(),
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
})
