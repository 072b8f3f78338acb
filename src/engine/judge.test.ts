import { describe, expect, it } from 'vitest'
import type { Kept } from './group.ts'
import { endOfGroup, isToldTooSoon, type Standing, seenOfGroup, standingOf } from './judge.ts'
import type { ContainerEnd, ContainerPhase } from './shapes.ts'

const kept: Kept = {
  containers: [
    { name: 'app', essential: true, memoryBytes: 64 * 2 ** 20 },
    { name: 'proxy', essential: true },
    { name: 'metrics', essential: false },
  ],
  graceMs: 1_000,
  log: { maxBytes: 1, rotate: true },
  begunAt: 10,
}

const looks = (phases: Readonly<Record<string, ContainerPhase>>) =>
  new Map(
    Object.entries(phases).map(([name, phase]) => [
      name,
      { id: name, image: 'sha256:1' as const, phase, unwell: false, labels: {} },
    ]),
  )

describe('a group of containers', () => {
  it.each<[string, Readonly<Record<string, ContainerPhase>>, Standing]>([
    ['runs when all run', { app: 'running', proxy: 'running', metrics: 'running' }, 'running'],
    ['runs without what is not essential', { app: 'running', proxy: 'running', metrics: 'ended' }, 'running'],
    ['fails when one that is essential has ended', { app: 'running', proxy: 'ended' }, 'failing'],
    ['fails when one that is essential is gone', { app: 'running', metrics: 'running' }, 'failing'],
    ['has ended when none runs', { app: 'ended', proxy: 'ended', metrics: 'ended' }, 'ended'],
    ['is lost when none is there', {}, 'lost'],
  ])('%s', (_what, phases, standing) => {
    expect(standingOf(kept, looks(phases))).toBe(standing)
  })

  it('that was not started whole is only beginning, whatever is there', () => {
    const { begunAt: _, ...begun } = kept
    expect(standingOf(begun, looks({ app: 'running' }))).toBe('beginning')
  })

  it('shows the images that really run, and which HEALTHCHECK says that it is not well', () => {
    const all = looks({ app: 'running', proxy: 'running', metrics: 'ended' })
    const images = { app: 'sha256:1', proxy: 'sha256:1', metrics: 'sha256:1' }
    expect(seenOfGroup(kept, all)).toEqual({ startedAt: 10, images })
    const app = all.get('app')
    const sick = new Map([...all, ...(app ? [['app', { ...app, unwell: true }] as const] : [])])
    expect(seenOfGroup(kept, sick)?.unwell).toBe('the HEALTHCHECK of app says that it is not well')
    expect(seenOfGroup(kept, looks({ app: 'running' }))).toBeUndefined()
  })

  const end = (more: Partial<ContainerEnd> = {}): ContainerEnd => ({
    ...{ exit: 0, outOfMemory: false, error: '', startedAt: 20, endedAt: 100, ...more },
  })

  it('ends as the first of its essential containers did', () => {
    const ended = [
      { name: 'metrics', end: end({ exit: 9, endedAt: 50 }) },
      { name: 'app', end: end({ exit: 137, endedAt: 80, outOfMemory: true }) },
      { name: 'proxy', end: end({ exit: 143, endedAt: 90 }) },
    ]
    expect(endOfGroup(kept, ended, 0)).toMatchObject({
      signal: 'SIGKILL',
      why: 'exited',
      note: 'container app ran out of memory (limit 64 MiB)',
      kills: { app: 1 },
      startedAt: 20,
      endedAt: 90,
    })
    // What the kernel had ended in it before counts, too.
    const before = { ...kept, kills: [1, 2].map((at) => ({ container: 'app', at })) }
    expect(endOfGroup(before, ended, 0)).toMatchObject({ kills: { app: 2 } })
    expect(endOfGroup(kept, ended.slice(2), 0)).not.toHaveProperty('kills')
  })

  it('ends with the one that ran out of memory when several ended in the same millisecond', () => {
    const ended = [
      { name: 'proxy', end: end({ exit: 1 }) },
      { name: 'app', end: end({ exit: 137, outOfMemory: true }) },
    ]
    expect(endOfGroup(kept, ended, 0)).toMatchObject({
      note: expect.stringContaining('app ran out of memory'),
    })
  })

  it.each([
    ['was killed just now', 'app', { exit: 137 }, 100, true],
    ['was killed a while ago', 'app', { exit: 137 }, 2_100, false],
    ['has no limit', 'proxy', { exit: 137 }, 100, false],
    ['was not killed', 'app', { exit: 1 }, 100, false],
    ['is known to have run out of memory', 'app', { exit: 137, outOfMemory: true }, 100, false],
  ])('whose decisive container %s', (_what, name, more, now, tooSoon) => {
    expect(isToldTooSoon(kept, [{ name, end: end(more) }], now)).toBe(tooSoon)
  })

  it('says why it was told to stop, and no more', () => {
    const stop = { why: 'timedOut', at: 1, forceAt: 2 } as const
    expect(endOfGroup({ ...kept, stop }, [{ name: 'app', end: end({ exit: 143 }) }], 0)).toEqual({
      ...{ exit: null, signal: 'SIGTERM', why: 'timedOut', startedAt: 20, endedAt: 100, droppedBytes: 0 },
    })
  })
})
