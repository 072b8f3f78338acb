import { expect, test } from 'vitest'
import { seededRandom } from '../../kernel/random.ts'
import { choose, type Standing } from './choose.ts'

const upstream = (name: string, more: Partial<ReturnType<typeof blank>> = {}) => ({ ...blank(name), ...more })
const blank = (name: string) => ({
  name,
  fleet: name,
  instance: `${name}/0`,
  weight: 1,
  serving: true,
  standing: 'healthy' as Standing,
  inFlight: 0,
  ejected: false,
  blamed: 0,
})
type Upstream = ReturnType<typeof blank>

const draw = (all: Upstream[], times = 1_000, anyStanding = false) => {
  const random = seededRandom(7)
  const counts: Record<string, number> = {}
  for (let i = 0; i < times; i++) {
    const name = choose(all, anyStanding, random)?.name ?? 'nobody'
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

test('fleets get their share by weight, however many instances they have', () => {
  const all = [upstream('a', { weight: 3 }), upstream('b'), upstream('b2', { fleet: 'b' })]
  const { a = 0, b = 0, b2 = 0 } = draw(all, 4_000)
  expect(a / 4_000).toBeCloseTo(0.75, 1)
  expect(b / 4_000).toBeCloseTo(0.125, 1)
  expect(b2 / 4_000).toBeCloseTo(0.125, 1)
})

test('within a fleet the least busy one is next', () => {
  const all = [
    upstream('a', { inFlight: 3 }),
    upstream('b', { fleet: 'a', inFlight: 2 }),
    upstream('c', { fleet: 'a', inFlight: 0, blamed: 3 }),
  ]
  expect(draw(all)).toEqual({ b: 1_000 })
})

test('no weight or not serving: no request, even when nothing else is there', () => {
  expect(draw([upstream('a', { weight: 0 }), upstream('b', { serving: false })], 10, true)).toEqual({
    nobody: 10,
  })
})

test('healthy ones before failing ones, and the rest only when told so', () => {
  const healthy = upstream('healthy')
  const failing = upstream('failing', { standing: 'failing' })
  const gone = upstream('gone', { standing: 'unreachable' })
  expect(draw([healthy, failing, gone], 10, true)).toEqual({ healthy: 10 })
  expect(draw([failing, gone], 10)).toEqual({ failing: 10 })
  expect(draw([gone], 10)).toEqual({ nobody: 10 })
  expect(draw([gone], 10, true)).toEqual({ gone: 10 })
})

test('a squeezed instance gets its share of its fleet by chance, the least busy of the others the rest', () => {
  const [a, b, c] = [0, 1, 2].map((i) =>
    upstream(`a${i}`, { fleet: 'a', instance: `a/${i}`, inFlight: i === 0 ? 9 : i }),
  ) as [Upstream, Upstream, Upstream]
  const random = seededRandom(7)
  const squeezed = { instance: 'a/0', share: 0.7 }
  const drawn = (all: Upstream[]) =>
    Array.from({ length: 2_000 }, () => choose(all, false, random, { squeezed })?.name)
  expect(drawn([a, b, c]).filter((name) => name === 'a0').length / 2_000).toBeCloseTo(0.7, 1)
  expect(new Set(drawn([a, b, c]))).toEqual(new Set(['a0', 'a1']))
  // Clients that are pinned to the fleet are split as the others; those of another fleet do not notice.
  const other = upstream('b0', { fleet: 'b', instance: 'b/0', inFlight: 0 })
  const pinned = (place: number) => {
    const shares = [
      { fleet: 'a', weight: 1 },
      { fleet: 'b', weight: 1 },
    ]
    const ask = () => choose([a, b, c, other], false, random, { squeezed, pinned: { shares, place } })?.name
    return Array.from({ length: 2_000 }, ask)
  }
  expect(pinned(0.2).filter((name) => name === 'a0').length / 2_000).toBeCloseTo(0.7, 1)
  expect(new Set(pinned(0.8))).toEqual(new Set(['b0']))
  // Sick, it gets nothing; alone, it gets all.
  expect(new Set(drawn([{ ...a, standing: 'failing' }, b, c]))).toEqual(new Set(['a1']))
  expect(new Set(drawn([a, { ...b, standing: 'failing' }, { ...c, serving: false }]))).toEqual(
    new Set(['a0']),
  )
})

test('an ejected one takes requests only when none of its fleet can, and its fleet keeps its share', () => {
  const ejected = { ejected: true }
  const all = [upstream('a', ejected), upstream('a2', { fleet: 'a' }), upstream('b', ejected)]
  const { a = 0, a2 = 0, b = 0 } = draw(all)
  expect(a).toBe(0)
  expect(a2 / 1_000).toBeCloseTo(0.5, 1)
  expect(a2 + b).toBe(1_000)
  expect(draw([upstream('a', ejected), upstream('a2', { fleet: 'a', standing: 'failing' })])).toEqual({
    a: 1_000,
  })
})

test('one that has as many as it may gets no more; a fleet that is full sends nothing to another one', () => {
  const random = seededRandom(7)
  const full = upstream('a', { inFlight: 2, weight: 3 })
  const spoiled = upstream('a2', { fleet: 'a', inFlight: 1, blamed: 9 })
  const other = upstream('b')
  expect(choose([full], false, random, { most: 2 })).toBeUndefined()
  expect(choose([full], false, random, { most: 3 })).toBe(full)
  expect(choose([full, spoiled], false, random, { most: 2 })).toBe(spoiled)
  const chosen = Array.from({ length: 1_000 }, () => choose([full, other], false, random, { most: 2 }))
  expect(chosen.filter((one) => one === other).length / 1_000).toBeCloseTo(0.25, 1)
  expect(chosen.filter((one) => one === undefined).length / 1_000).toBeCloseTo(0.75, 1)
})
