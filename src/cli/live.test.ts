import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Clock } from '../kernel/index.ts'
import type { Screen } from './command.ts'
import { createLive } from './live.ts'

// Timers of Node's, driven by hand: only here time is what is tested.
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const clock: Clock = { now: () => Date.now(), elapsedMs: () => Date.now(), until: async () => {} }

function newScreen(isTTY: boolean): { screen: Screen; writes: string[] } {
  const writes: string[] = []
  return {
    screen: { write: (text) => void writes.push(text), isTTY, columns: 20, colour: false, ascii: false },
    writes,
  }
}

/** What a terminal shows after these writes: `F` goes up, `J` clears what is below. */
function shown(writes: readonly string[]): string[] {
  let lines: string[] = []
  for (const text of writes) {
    const clears = text.startsWith('\u001b[') && text.includes('F\u001b[J')
    const up = clears ? Number(text.slice(2, text.indexOf('F'))) : 0
    const rest = clears ? text.slice(text.indexOf('J') + 1) : text
    lines = lines.slice(0, lines.length - up)
    lines.push(...rest.split('\n').slice(0, -1))
  }
  return lines
}

describe('progress on a terminal', () => {
  it('is a window at the bottom, with what was said above it', () => {
    const { screen, writes } = newScreen(true)
    const live = createLive(screen, clock)
    live.show(['build', 'test'])
    vi.advanceTimersByTime(200)
    live.say('build passed')
    live.show(['test'])
    vi.advanceTimersByTime(200)
    expect(shown(writes)).toEqual(['build passed', 'test'])
    live.say('test passed')
    live.end()
    expect(shown(writes)).toEqual(['build passed', 'test passed'])
  })

  it('is painted at most ten times a second, and shows the newest', () => {
    const { screen, writes } = newScreen(true)
    const live = createLive(screen, clock)
    for (let i = 0; i < 1_000; i++) {
      live.show([`step ${i}`])
      vi.advanceTimersByTime(1)
    }
    vi.advanceTimersByTime(200)
    expect(writes.length).toBeLessThanOrEqual(12)
    expect(shown(writes)).toEqual(['step 999'])
    live.end()
  })

  it('cuts lines that the terminal would break', () => {
    const { screen, writes } = newScreen(true)
    const live = createLive(screen, clock)
    live.show(['a line that is longer than the screen is wide'])
    vi.advanceTimersByTime(200)
    expect(shown(writes)).toEqual(['a line that is lon…'])
    live.end()
  })
})

describe('progress where there is no terminal', () => {
  it('is what was said, and a sign of life every thirty seconds', () => {
    const { screen, writes } = newScreen(false)
    const live = createLive(screen, clock)
    live.show(['test: npm test'])
    live.say('build passed')
    vi.advanceTimersByTime(65_000)
    expect(writes).toEqual([
      'build passed\n',
      'still at it after 30 s: test: npm test\n',
      'still at it after 1 m 00 s: test: npm test\n',
    ])
    live.end()
    vi.advanceTimersByTime(65_000)
    expect(writes).toHaveLength(3)
  })
})
