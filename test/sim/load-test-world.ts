import type { LoadTests } from '../../src/flow/world.ts'
import type { LineTestEnd, LineTestProgress, LineTestStart, LocatedLine } from '../../src/load/index.ts'
import { simulateMeasuring } from './measuring-world.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** What a search would have found of a release that carries so much. */
export const carries = (ratePerSecond: number): LineTestEnd => ({
  is: 'measured',
  found: {
    standing: 'passed',
    text: `carries ${ratePerSecond}/s`,
    reasons: [],
    body: { ratePerSecond } as LocatedLine,
  },
})

/** Load tests of environments that go on while the process under test is dead. */
export function simulateLoadTests(
  clock: VirtualClock,
  endOf: (start: LineTestStart) => LineTestEnd | 'lost',
) {
  const { jobs, ...seen } = simulateMeasuring<LineTestStart, LineTestEnd, LineTestProgress>(clock, endOf, {
    is: 'interrupted',
  })
  const dropped: string[] = []
  const loadTests: LoadTests = { ...jobs, drop: async ({ ref }) => void dropped.push(ref) }
  return { loadTests, dropped, ...seen }
}
