import { expect, it } from 'vitest'
import type { Evidence, Json } from '../../kernel/index.ts'
import { byInstances } from './headroom/scale.ts'
import { orSqueezed, squeezedIn, squeezedLineKind } from './squeezed.ts'

const squeeze = (
  result: Json,
  at = 1,
  environment = 'payments.production',
  place: Readonly<Record<string, Json>> = { instance: 2 },
): Evidence => ({
  id: `sha256:${String(at).padStart(64, '0')}`,
  kind: squeezedLineKind,
  at,
  about: { release: `sha256:${'b'.repeat(64)}`, environment },
  body: { place: { instances: 1, ...place }, result },
})
const found = (low: number, high: number): Json => ({
  verdict: 'found',
  ratePerSecond: low,
  interval: { low, high },
})

it('is the newest of its environment, of one instance', () => {
  const all = [
    squeeze(found(100, 120), 1),
    squeeze(found(200, 250), 2),
    squeeze(found(9, 10), 3, 'payments.staging'),
    squeeze('nonsense', 4),
  ]
  expect(squeezedIn('production', all)).toMatchObject({
    line: { low: 200, at: 200, high: 250, instances: 1, environment: 'production', measuredAt: 2 },
    text: 'squeezed in production, instance 2 carried 200/s, and less than 250/s',
  })
  expect(squeezedIn('perf', all)).toBeUndefined()
  const [atLeast, below] = ['atLeast', 'below'].map((verdict) =>
    squeezedIn('production', [squeeze({ verdict, ratePerSecond: 80, interval: null })]),
  )
  expect(atLeast).toMatchObject({
    line: { low: 80, high: Infinity },
    text: expect.stringMatching(/80\/s or more$/),
  })
  expect(below).toMatchObject({ line: { low: 0, high: 80 }, text: expect.stringMatching(/less than 80\/s$/) })
})

it('takes nothing back of what was known, when one came to no end', () => {
  const atLeast = (ratePerSecond: number, at: number) =>
    squeeze({ verdict: 'atLeast', ratePerSecond, interval: null }, at)
  const lowOf = (...all: Evidence[]) => squeezedIn('production', all)?.line.low
  expect(lowOf(squeeze(found(90, 120), 1), atLeast(70, 2))).toBe(90)
  expect(lowOf(squeeze(found(90, 120), 1), atLeast(110, 2))).toBe(90)
  expect(lowOf(squeeze(found(90, 120), 1), atLeast(150, 2), atLeast(130, 3))).toBe(150)
  // What was carried before the end was found is no reply to it.
  expect(lowOf(atLeast(150, 1), squeeze(found(90, 120), 2))).toBe(90)
  expect(lowOf(atLeast(80, 1), atLeast(60, 2))).toBe(80)
})

it('is the lowest of several instances, of the size that was squeezed last', () => {
  const of = (instance: number, result: Json, at: number, cpus = 1): Evidence =>
    squeeze(result, at, undefined, {
      instance,
      size: {
        applied: { is: 'containers', containers: { app: { cpus, memoryBytes: 2 ** 30, essential: true } } },
      },
    })
  const more = (ratePerSecond: number): Json => ({ verdict: 'atLeast', ratePerSecond, interval: null })
  expect(squeezedIn('production', [of(0, found(90, 110), 1), of(1, found(200, 250), 2)])).toMatchObject({
    line: { low: 90, at: 90, high: 110, measuredAt: 1 },
    text: 'squeezed in production, instance 0, the lowest of 2 that were squeezed, carried 90/s, and less than 110/s',
  })
  const lowOf = (...all: Evidence[]) => squeezedIn('production', all)?.line.low
  // The newest of each: what held it down then does so no more.
  expect(lowOf(of(0, found(90, 110), 1), of(1, found(200, 250), 2), of(0, found(210, 260), 3))).toBe(200)
  // What came to no end says only that it is no less.
  expect(lowOf(of(0, found(90, 110), 1), of(1, more(50), 2))).toBe(90)
  expect(lowOf(of(0, more(90), 1), of(1, more(50), 2))).toBe(50)
  expect(lowOf(of(0, found(90, 110), 1, 0.5), of(1, found(200, 250), 2))).toBe(200)
})

it('stands for a load line only where there is none, and the team says why it is in proportion', () => {
  const squeezed = squeezedIn('production', [squeeze(found(200, 250))])
  const none = { lines: [], because: 'never measured' }
  expect(orSqueezed(none, squeezed, undefined)).toBe(none)
  expect(orSqueezed(none, undefined, 'they share nothing')).toBe(none)
  const measured = orSqueezed(none, squeezed, 'they share nothing')
  expect(byInstances(measured.lines, 3, { production: 'they share nothing' })).toMatchObject({
    low: 600,
    high: 750,
  })
  const own = { lines: squeezed ? [{ ...squeezed.line, environment: 'perf' }] : [] }
  expect(orSqueezed(own, squeezed, 'they share nothing')).toBe(own)
})
