import { expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { secondsUntil } from './few-failures.ts'

/** Seconds until a canary has failed often enough, drawn failure by failure. */
function draw(
  perSecond: { canary: number; live: number },
  needed: readonly number[],
  next: () => number,
): number {
  const all = perSecond.canary + perSecond.live
  let [seconds, canary, live] = [0, 0, 0]
  while (canary < (needed[Math.min(live, needed.length - 1)] ?? 0)) {
    seconds -= Math.log(1 - next()) / all
    if (next() < perSecond.canary / all) canary++
    else live++
  }
  return seconds
}

it.each([
  [{ canary: 0.1, live: 0.003 }, 0.5],
  [{ canary: 0.1, live: 0.003 }, 0.95],
  [{ canary: 0.0875, live: 0.01 }, 0.5],
])('%j: seconds of %d are those of drawn failures', (perSecond, chance) => {
  const needed = [9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29]
  const random = seededRandom(7)
  const drawn = Array.from({ length: 4_000 }, () => draw(perSecond, needed, () => random.next())).sort(
    (a, b) => a - b,
  )
  const seen = drawn[Math.floor(chance * drawn.length)] ?? 0
  // Needed once is needed later: a live failure afterwards takes nothing back, so that drawn times are a little shorter.
  expect(secondsUntil(chance, perSecond, needed) / seen).toBeGreaterThan(0.97)
  expect(secondsUntil(chance, perSecond, needed) / seen).toBeLessThan(1.12)
})
