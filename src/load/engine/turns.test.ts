import { expect, it } from 'vitest'
import { keepTime } from './turns.ts'

const standStill = (durationMs: number) =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs)

/** A schedule of so many moments from now on, one in each millisecond, kept until its time is up. */
async function kept(moments: number, untilMs: number, fire: (moment: number) => void) {
  const startAt = performance.now()
  const [fired, dropped] = [[] as number[], [] as number[]]
  let moment = 0
  await new Promise<void>((over) => {
    keepTime({
      next: () => (moment < moments ? startAt + moment++ : Number.POSITIVE_INFINITY),
      fire: (intended) => {
        const which = Math.round(intended - startAt)
        fired.push(which)
        fire(which)
      },
      until: startAt + untilMs,
      drop: (intended) => dropped.push(Math.round(intended - startAt)),
      busy: () => {},
      over,
    })
  })
  return { fired, dropped }
}

it('fires every moment of a schedule once, though it is a little late', async () => {
  const { fired, dropped } = await kept(100, 5_000, (which) => which === 20 && standStill(50))
  expect(fired).toEqual(Array.from({ length: 100 }, (_, i) => i))
  expect(dropped).toEqual([])
})

it('fires nothing more once it is far too late, and says what it left', async () => {
  // 64 are fired in one turn at the most, and the next turn is too late.
  const { fired, dropped } = await kept(1_000, 900, (which) => which === 100 && standStill(1_400))
  expect(fired.length).toBeGreaterThan(100)
  expect(fired.length).toBeLessThanOrEqual(200)
  expect([...fired, ...dropped]).toEqual(Array.from({ length: 1_000 }, (_, i) => i))
})
