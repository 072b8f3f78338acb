import { expect, it } from 'vitest'
import type { LineTrial } from './trial.ts'
import { usedAtLine } from './used.ts'

const trial = (ratePerSecond: number, cpuShare: number | null, memoryShare?: number, seconds = 12) =>
  ({ ratePerSecond, cpuShare, seconds, ...(memoryShare === undefined ? {} : { memoryShare }) }) as LineTrial
const at = (ratePerSecond: number | null, ...trials: LineTrial[]) => usedAtLine({ ratePerSecond, trials })

it('is what was used at the load of the line, and not above it', () => {
  expect(at(100, trial(60, 0.5), trial(98, 0.84, 0.4), trial(103, 0.95, 0.6), trial(150, 1, 0.9))).toEqual({
    cpu: 0.84,
    memory: 0.4,
  })
  // Of two at the same rate the longer one says more.
  expect(at(100, trial(98, 0.8), trial(98, 0.9, undefined, 60))).toEqual({ cpu: 0.9 })
})

it('is not known where nobody has seen it at or below the line', () => {
  expect(at(100, trial(98, null), trial(90, 0.7))).toEqual({ cpu: 0.7 })
  expect(at(100, trial(120, 0.9))).toBeUndefined()
  expect(at(null, trial(90, 0.7))).toBeUndefined()
})
