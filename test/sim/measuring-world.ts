import type { Found, Job, Key } from '../../src/kernel/index.ts'
import type { VirtualClock } from './virtual-clock.ts'

const takesMs = 2_000

/** Processes that measure, and go on while the process under test is dead. `lost` ones are gone without a result. */
export function simulateMeasuring<S, E, P>(
  clock: VirtualClock,
  endOf: (start: S) => E | 'lost',
  interrupted: E,
) {
  const ends = new Map<Key, E | 'lost' | undefined>()
  const startsOf = new Map<Key, number>()
  const tidied: string[] = []
  let atOnce = 0
  let mostAtOnce = 0
  const over = (key: Key, end: E | 'lost') => {
    if (ends.get(key) !== undefined) return
    atOnce -= 1
    ends.set(key, end)
  }
  const jobs: Job<S, E> & { progress(id: string): Promise<P | undefined>; tidy(id: string): Promise<void> } =
    {
      async start(key, spec) {
        if (ends.has(key)) return
        startsOf.set(key, (startsOf.get(key) ?? 0) + 1)
        ends.set(key, undefined)
        atOnce += 1
        mostAtOnce = Math.max(mostAtOnce, atOnce)
        clock.at(clock.now() + takesMs, () => over(key, endOf(spec)))
      },
      async find(key): Promise<Found<E>> {
        if (!ends.has(key)) return 'absent'
        const ended = ends.get(key)
        if (ended === 'lost') return 'lost'
        return ended ? { ended } : 'running'
      },
      async cancel(key) {
        clock.at(clock.now() + 50, () => {
          if (ends.has(key)) over(key, interrupted)
        })
      },
      progress: async () => undefined,
      tidy: async (id) => void tidied.push(id),
    }
  return { jobs, startsOf, tidied, mostAtOnce: () => mostAtOnce, going: () => atOnce }
}
