import { describe, expect, it } from 'vitest'
import type { CommandEnd } from '../../host/index.ts'
import type { StartSpec } from '../fleet.ts'
import { giveUp, look } from './instance.ts'
import type { InstanceState } from './state.ts'

const instance: InstanceState = {
  ...{ index: 0, attempt: 2, phase: 'ready', port: 1, since: 0, crashes: 0, everReady: true, notBefore: 0 },
  kills: { app: 1 },
}
const ended = (more: Partial<CommandEnd>): CommandEnd => ({
  ...{ exit: null, signal: 'SIGKILL', why: 'exited', startedAt: 0, endedAt: 9_000, droppedBytes: 0, ...more },
})

it('counts what the kernel killed for want of memory over all of its processes', () => {
  const note = 'container app ran out of memory (limit 256 MiB)'
  const seen = look(instance, { command: { ended: ended({ note, kills: { app: 2, proxy: 1 } }) } }, 9_100)
  expect(seen).toMatchObject({
    phase: 'backingOff',
    lastCrash: `${note} after 9.0 s`,
    kills: { app: 3, proxy: 1 },
  })
  expect(look(instance, { command: { ended: ended({}) } }, 9_100)?.kills).toEqual({ app: 1 })
})

describe('an instance that does not answer its health check', () => {
  const ill = { command: 'running', health: { ok: false, because: 'no answer' } } as const
  const well = { command: 'running', health: { ok: true } } as const
  const seen = (looks: readonly (typeof ill | typeof well)[]): InstanceState =>
    looks.reduce<InstanceState>((now, one, i) => look(now, one, i * 1_000) ?? now, instance)

  it('once is ready still', () => {
    expect(seen([ill])).toMatchObject({ phase: 'ready', since: 0, missed: 1 })
    expect(seen([ill, well])).toEqual(instance)
    expect(seen([ill, well, ill])).toMatchObject({ phase: 'ready', missed: 1 })
  })

  it('twice is ill, and well again with one answer', () => {
    expect(seen([ill, ill])).toMatchObject({ phase: 'unhealthy', since: 1_000, because: 'no answer' })
    const again = seen([ill, ill, well])
    expect(again).toMatchObject({ phase: 'ready', since: 2_000 })
    expect([again.missed, again.because]).toEqual([undefined, undefined])
  })

  it('is judged by what this server has seen of it, and not by what was while nobody looked', () => {
    const start = { readyWithinMs: 5_000 } as StartSpec
    const starting: InstanceState = { ...instance, phase: 'starting', startedAt: 1_000, because: 'no answer' }
    const unhealthy: InstanceState = { ...instance, phase: 'unhealthy', since: 1_000, because: 'no answer' }
    const said = (one: InstanceState, watchedSince: number, now: number) =>
      giveUp(one, { start, watchedSince }, now).because
    expect(said(starting, 0, 5_999)).toBe('no answer')
    expect(said(starting, 0, 6_000)).toBe('not healthy within 5.0 s (no answer)')
    expect(said(starting, 90_000, 94_999)).toBe('no answer')
    expect(said(starting, 90_000, 95_000)).toBe('not healthy within 5.0 s (no answer)')
    expect(said(unhealthy, 0, 31_000)).toBe('unhealthy for 30 s (no answer)')
    expect(said(unhealthy, 90_000, 119_999)).toBe('no answer')
    expect(said(unhealthy, 90_000, 120_000)).toBe('unhealthy for 30 s (no answer)')
  })
})
