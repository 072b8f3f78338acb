import type { Comparisons } from '../../src/flow/world.ts'
import type { Found, Key } from '../../src/kernel/index.ts'
import type { CompareEnd, CompareStart } from '../../src/load/index.ts'
import { foundRatio } from '../../src/load/plan/compare/testdata/evidence.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** What a comparison would have found of a release that carries `ratio` times as much as what runs. */
export const foundAt = (ratio: number, { names }: Pick<CompareStart, 'names'>): CompareEnd => ({
  is: 'compared',
  evidence: foundRatio(ratio, names),
})

const takesMs = 2_000

/** Comparisons that go on while the process under test is dead, as processes of their own do. */
export function simulateComparisons(clock: VirtualClock, endOf: (start: CompareStart) => CompareEnd) {
  const ends = new Map<Key, CompareEnd | undefined>()
  const startsOf = new Map<Key, number>()
  const tidied: string[] = []
  let atOnce = 0
  let mostAtOnce = 0
  const comparisons: Comparisons = {
    async start(key, spec) {
      if (ends.has(key)) return
      startsOf.set(key, (startsOf.get(key) ?? 0) + 1)
      ends.set(key, undefined)
      atOnce += 1
      mostAtOnce = Math.max(mostAtOnce, atOnce)
      clock.at(clock.now() + takesMs, () => {
        atOnce -= 1
        ends.set(key, endOf(spec))
      })
    },
    async find(key): Promise<Found<CompareEnd>> {
      if (!ends.has(key)) return 'absent'
      const ended = ends.get(key)
      return ended ? { ended } : 'running'
    },
    async cancel() {},
    progress: async () => undefined,
    tidy: async (id) => void tidied.push(id),
  }
  return { comparisons, startsOf, tidied, mostAtOnce: () => mostAtOnce }
}
