import { keyOf, type Reading, withName } from '../series.ts'
import type { Group } from './write/request.ts'

/** So many series are known at once; older ones are forgotten, and what comes too late of them is refused there. */
const mostSeries = 100_000

type Newest = { readonly at: number; readonly value: Reading['value'] }
type Left = { outOfOrder: number; duplicate: number }

/**
 * Groups readings by their series, without those that come too late: a Prometheus refuses a whole request for one of them.
 */
export function createOrder(): (readings: readonly Reading[]) => {
  readonly groups: readonly Group[]
  readonly left: Left
} {
  const newest = new Map<string, Newest>()

  function verdict(before: Newest | undefined, { at, value }: Reading): 'new' | 'same' | keyof Left {
    if (!before || at > before.at) return 'new'
    if (at < before.at) return 'outOfOrder'
    return Object.is(value, before.value) ? 'same' : 'duplicate'
  }

  return (readings) => {
    if (newest.size > mostSeries) newest.clear()
    const groups = new Map<string, Group & { readonly readings: Reading[] }>()
    const left: Left = { outOfOrder: 0, duplicate: 0 }
    for (const reading of readings) {
      const key = keyOf(withName(reading.name, reading.labels))
      const is = verdict(newest.get(key), reading)
      if (is === 'outOfOrder' || is === 'duplicate') left[is]++
      if (is !== 'new') continue
      newest.set(key, { at: reading.at, value: reading.value })
      const group = groups.get(key) ?? { labels: Object.fromEntries(JSON.parse(key)), readings: [] }
      group.readings.push(reading)
      groups.set(key, group)
    }
    return { groups: [...groups.values()], left }
  }
}
