import { expect, it } from 'vitest'
import type { Live } from '../lane-state.ts'
import { instanceFor, type SqueezedBefore } from './instance.ts'
import type { SqueezeSight } from './state.ts'

const live = { fleet: 'payments.production.4', size: 3 } as Live

const chosen = (before: readonly SqueezedBefore[], inFlight: readonly number[] = [], wanted?: number) => {
  const upstreams = inFlight.map((count, i) => ({ instance: `${live.fleet}/${i}`, inFlight: count }))
  const traffic = { upstreams } as unknown as SqueezeSight['traffic']
  const { index, because } = instanceFor(live, { before, traffic }, wanted)
  return `${index}: ${because}`
}

it('chooses what was squeezed longest ago, of several the least busy', () => {
  expect(chosen([])).toBe('0: never squeezed before, and the least busy of these')
  expect(chosen([], [4, 2, 3])).toBe('1: never squeezed before, and the least busy of these')
  expect(chosen([{ index: 1, at: 5 }], [4, 2, 3])).toBe(
    '2: never squeezed before, and the least busy of these',
  )
  const all = [0, 1, 2].map((index) => ({ index, at: 10 - index }))
  expect(chosen(all, [0, 0, 9])).toBe('2: squeezed longest ago')
  expect(chosen([...all, { index: 2, at: 20 }])).toBe('1: squeezed longest ago')
  // Of a larger fleet that was.
  expect(chosen([...all, { index: 7, at: 1 }])).toBe('2: squeezed longest ago')
  expect(chosen(all, [], 1)).toBe('1: asked for')
})
