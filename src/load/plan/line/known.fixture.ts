import { seededRandom } from '../../../kernel/index.ts'
import type { LineGoal } from './options.ts'
import { openTrial, type SimulatedQueue } from './queue.fixture.ts'

/** How many of so many trials at a rate keep the goal. */
function keptShare(queue: SimulatedQueue, goal: LineGoal, ratePerSecond: number, trials: number): number {
  const random = seededRandom(1).fork('known')
  let kept = 0
  for (let i = 0; i < trials; i++) {
    // The same chance at every rate: the difference between two rates is then no matter of luck.
    const own = random.fork(`${i}`)
    const trial = { ratePerSecond, settleS: 2, durationS: 12, belowS: goal.belowMs / 1_000, atS: 0 }
    const seen = openTrial(queue, trial, own)
    if (seen.bad <= (1 - goal.quantile) * seen.scheduled) kept++
  }
  return kept / trials
}

/** The rate at which a trial keeps the goal as often as not, by bisection. */
export function calibrate(queue: SimulatedQueue, goal: LineGoal, trials: number): number {
  let low = queue.capacity * 0.5
  let high = queue.capacity * 1.1
  while (high / low > 1.0005) {
    const middle = Math.sqrt(low * high)
    if (keptShare(queue, goal, middle, trials) < 0.5) high = middle
    else low = middle
  }
  return Math.sqrt(low * high)
}
