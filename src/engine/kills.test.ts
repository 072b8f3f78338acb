import { expect, it } from 'vitest'
import { labelOf } from './create-body.ts'
import type { Kept } from './group.ts'
import { killText, newKills, withKills } from './kills.ts'

const kept: Kept = {
  containers: [
    { name: 'app', essential: true, memoryBytes: 256 * 2 ** 20 },
    { name: 'proxy', essential: true },
  ],
  graceMs: 1_000,
  log: { maxBytes: 1, rotate: true },
}
const told = (at: number, key = 'fleet/a/0/1', container = 'app') => ({
  labels: { [labelOf.key]: key, [labelOf.container]: container },
  at,
})

it('are counted once, though the engine tells of them at every question', () => {
  const first = newKills(kept, 'fleet/a/0/1', [told(1), told(2), told(2, 'fleet/b/0/1')])
  expect(first).toEqual([
    { container: 'app', at: 1 },
    { container: 'app', at: 2 },
  ])
  const known = { ...kept, ...withKills(kept, first) }
  expect(newKills(known, 'fleet/a/0/1', [told(2), told(2, undefined, 'proxy')])).toEqual([
    { container: 'proxy', at: 2 },
  ])
})

it('are told with the limit, and with the container where there are several', () => {
  expect(killText(kept, 'app')).toBe('container app killed: out of memory, limit 256 MiB')
  expect(killText({ ...kept, containers: kept.containers.slice(0, 1) }, 'app')).toBe(
    'killed: out of memory, limit 256 MiB',
  )
})
