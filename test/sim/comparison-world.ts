import type { CompareEnd, CompareProgress, CompareStart } from '../../src/load/index.ts'
import { foundRatio } from '../../src/load/plan/compare/testdata/evidence.ts'
import { simulateMeasuring } from './measuring-world.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** What a comparison would have found of a release that carries `ratio` times as much as what runs. */
export const foundAt = (ratio: number, { names }: Pick<CompareStart, 'names'>): CompareEnd => ({
  is: 'compared',
  evidence: foundRatio(ratio, names),
})

/** Comparisons that go on while the process under test is dead, as processes of their own do. */
export function simulateComparisons(clock: VirtualClock, endOf: (start: CompareStart) => CompareEnd) {
  const { jobs, ...seen } = simulateMeasuring<CompareStart, CompareEnd, CompareProgress>(clock, endOf, {
    is: 'interrupted',
  })
  return { comparisons: jobs, ...seen }
}
