import { type Random, seededRandom } from '../../../../kernel/index.ts'
import {
  addRound,
  beginComparison,
  type CompareOptions,
  type Comparison,
  nextRound,
  type Round,
  type RoundFigures,
} from '../index.ts'
import { normalUpperQuantile } from '../statistics/normal.ts'

/** A simulated pair of releases on a simulated machine. */
export type World = {
  /** What the change truly does, as shares. */
  readonly slower: number
  readonly moreCpu?: number
  /** Of one side in one round, as a standard deviation; a round's weather, common to both, is 5 %. */
  readonly noise: number
  /** In one round of so many one of the sides is 20 % off. */
  readonly outlierEvery?: number
  /** One round of so many does not count. */
  readonly voidEvery?: number
  readonly roundMs?: number
}

const normal = (random: Random): number => normalUpperQuantile(Math.max(1e-12, 1 - random.next()))
const happens = (every: number | undefined, random: Random): boolean =>
  every !== undefined && random.next() < 1 / every

function side(world: World, speed: number, moreCpu: number, random: Random): RoundFigures {
  const own = () => Math.exp(world.noise * normal(random))
  return {
    carriesPerSecond: 900 * speed * own(),
    p50Ms: (8 / speed) * own(),
    p99Ms: (40 / speed) * own() ** 2,
    cpuMicrosPerRequest: 300 * (1 + moreCpu) * Math.exp(0.01 * normal(random)),
  }
}

/** One round of a world, in the order asked for. */
export function simulatedRound(world: World, order: Round['order'], random: Random): Round {
  const weather = Math.exp(0.05 * normal(random))
  const accident = happens(world.outlierEvery, random) ? 0.8 : 1
  const isOnBase = random.next() < 0.5
  return {
    order,
    base: side(world, weather * (isOnBase ? accident : 1), 0, random),
    change: side(world, weather * (isOnBase ? 1 : accident) * (1 - world.slower), world.moreCpu ?? 0, random),
    ...(happens(world.voidEvery, random) && { void: 'time stolen from the machine' }),
  }
}

/** A whole comparison in a world. */
export function simulate(world: World, options: CompareOptions, seed: number): Comparison {
  const random = seededRandom(seed).fork('world')
  const roundMs = world.roundMs ?? 1_000
  let s = beginComparison({ ...options, seed })
  for (let elapsedMs = 0; ; elapsedMs += roundMs) {
    const next = nextRound(s, elapsedMs)
    if (next.is === 'verdict') return next.comparison
    s = addRound(s, simulatedRound(world, next.order, random), roundMs)
  }
}
