import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Watched, watchStillness } from './stillness.ts'

type Moving = Watched & { socket: { bytesRead: number; bytesWritten: number } }

const moving = (stuck: () => void = () => {}, isOverdue = false): Moving =>
  ({
    socket: { bytesRead: 0, bytesWritten: 0 },
    leastBytes: () => 1,
    isOverdue: () => isOverdue,
    stuck,
  }) as unknown as Moving

/** One watch for each patience, with a timer of the clock of its test: each test has its own. */
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what does not move for the whole patience is stuck, once', () => {
  const stuck = vi.fn()
  watchStillness(moving(stuck), 800)
  vi.advanceTimersByTime(800)
  expect(stuck).not.toHaveBeenCalled()
  vi.advanceTimersByTime(3_000)
  expect(stuck).toHaveBeenCalledOnce()
})

test('what moves now and then is not; what must end is, though it moves', () => {
  const [stuck, overdue] = [vi.fn(), vi.fn()]
  const [slow, busy] = [moving(stuck), moving(overdue, true)]
  const watching = watchStillness(slow, 808)
  watchStillness(busy, 808)
  for (let i = 0; i < 20; i++) {
    slow.socket.bytesWritten += 1
    busy.socket.bytesRead += 1
    vi.advanceTimersByTime(700)
  }
  expect(stuck).not.toHaveBeenCalled()
  expect(overdue).toHaveBeenCalledOnce()
  watching.end()
})

test('whatever ends, the others are still watched', () => {
  const told: number[] = []
  const all = Array.from({ length: 7 }, (_, i) =>
    watchStillness(
      moving(() => told.push(i)),
      816,
    ),
  )
  for (const i of [6, 0, 3, 3]) all[i]?.end()
  vi.advanceTimersByTime(2_000)
  expect(told.sort()).toEqual([1, 2, 4, 5])
})

test('one that is stuck may end others, which are not told then', () => {
  const told: string[] = []
  const end = (name: string) => {
    told.push(name)
    for (const one of both) one.end()
  }
  const both = ['first', 'second'].map((name) =>
    watchStillness(
      moving(() => end(name), true),
      824,
    ),
  )
  vi.advanceTimersByTime(2_000)
  expect(told).toEqual(['first'])
})

test('what has come and gone is no burden, however old the watch is', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (how?: { type: 'minor' }) => void
  const wave = (): void => {
    const all = Array.from({ length: 2_000 }, () => watchStillness(moving(), 832))
    for (const one of all) one.end()
  }
  wave()
  const kept = watchStillness(moving(), 832)
  // What is there now is old.
  collect()
  collect()
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < 100; i++) {
    wave()
    collect({ type: 'minor' })
  }
  expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(4)
  kept.end()
})
