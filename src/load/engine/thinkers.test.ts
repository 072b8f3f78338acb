import { expect, it } from 'vitest'
import { thinkers } from './thinkers.ts'

const pause = (durationMs: number) => new Promise((resolve) => setTimeout(resolve, durationMs))

it('lets everybody think for as long, and nobody for less', async () => {
  const begun: number[] = []
  const thought: number[] = []
  const users = thinkers(50, () => thought.push(performance.now() - (begun[thought.length] ?? 0)))
  for (let i = 0; i < 20; i++) {
    begun.push(performance.now())
    users.think(begun[i] ?? 0)
    if (i % 4 === 0) await pause(7)
  }
  await pause(300)
  expect(thought).toHaveLength(20)
  expect(Math.min(...thought)).toBeGreaterThanOrEqual(50)
})

it('lets those think again who ask at once', async () => {
  let asked = 0
  const users = thinkers(5, () => {
    asked++
    users.think(performance.now())
  })
  users.think(performance.now())
  await pause(200)
  users.stop()
  const before = asked
  expect(before).toBeGreaterThan(2)
  expect(before).toBeLessThanOrEqual(40)
  await pause(50)
  expect(asked).toBe(before)
})
