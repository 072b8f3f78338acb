import { type Random, seededRandom } from '../../../../kernel/index.ts'
import { signedRankInterval, twoSidedP } from '../../compare/statistics/signed-rank.ts'
import { hodgesLehmann } from '../../compare/statistics/walsh.ts'
import type { Step } from '../step.ts'

/** A simulated service, release by release. */
export type Service = {
  readonly releases: number
  /** What the release at a place truly does to the load line: ln of its ratio to the one before. */
  readonly truth: (at: number) => number
  /** Standard deviation of a comparison's estimate, as a share; of each release anew when it is a function. */
  readonly noise: number | ((random: Random) => number)
  /** The same again from day to day, which the rounds of one comparison do not see. */
  readonly unseenNoise?: number
  /** Of each comparison; ten by default, the fewest that a comparison decides on. */
  readonly rounds?: number
  /** Rounds scatter as Student's t with three degrees of freedom, instead of normally. */
  readonly isWild?: boolean
}

/** Box and Muller: a simulation draws a million of them. */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())

/** Student's t with three degrees of freedom, of variance 1. */
function wild(random: Random): number {
  const squares = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2
  return normal(random) / Math.sqrt(squares)
}

/** A median of averages scatters more than a mean, by this much in standard deviations (√(π / 3)). */
const lossOfMedian = Math.sqrt(Math.PI / 3)

/** A comparison as it would be found: rounds, and from them estimate, interval and p as everywhere. */
function simulatedStep(service: Service, at: number, random: Random): Step {
  const { rounds = 10, noise, truth, unseenNoise = 0 } = service
  const ofEstimate = typeof noise === 'number' ? noise : noise(random)
  const ofRound = ofEstimate * (Math.sqrt(rounds) / lossOfMedian)
  const centre = truth(at) + unseenNoise * normal(random)
  const draw = service.isWild ? wild : normal
  const values = Array.from({ length: rounds }, () => centre + ofRound * draw(random))
  const interval = signedRankInterval(values, 0.025)
  return {
    release: `r${at}`,
    at: at * 86_400_000,
    comparison: `c${at}`,
    estimate: Math.expm1(hodgesLehmann(values)),
    interval: interval && { low: Math.expm1(interval.low), high: Math.expm1(interval.high) },
    rounds,
    p: twoSidedP(values),
  }
}

/** The comparisons of a service's life. */
export function simulatedSteps(service: Service, seed: number): readonly Step[] {
  const random = seededRandom(seed).fork('service')
  return Array.from({ length: service.releases }, (_, at) => simulatedStep(service, at, random))
}

/** So much of a loss in each release from one place to before another, nothing elsewhere. */
export const losing =
  (share: number, from: number, end: number) =>
  (at: number): number =>
    at >= from && at < end ? Math.log(1 - share) : 0

export const unchanged = (): number => 0
