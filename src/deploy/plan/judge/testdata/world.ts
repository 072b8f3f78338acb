import type { Random } from '../../../../kernel/index.ts'
import type { Side, Span } from '../index.ts'
import { binomial, poisson } from './chance.ts'

/** What a release truly does. */
export type Release = {
  readonly errors: number
  /** Shares of its answers beyond each edge, falling. */
  readonly slower: readonly number[]
}

/** A service with a canary. */
export type World = {
  /** At a second since the beginning. */
  readonly requestsPerSecond: (second: number) => number
  readonly share: number
  /** What the gateway really does with the share, when not what was asked for. */
  readonly sentShare?: number
  readonly canary: Release
  readonly live: Release
  /** Both fail so many times as often at a second. */
  readonly errorsTimes?: (second: number) => number
  /** Now and then an instance fails so many requests in a row; instances are as many as the share needs to be one. */
  readonly bursts?: { readonly everySeconds: number; readonly of: number }
}

/** Beyond the edges p50, p90, p95, p99 and p99.9, and three further ones, of what is as slow as before. */
export const asBefore: readonly number[] = [0.5, 0.1, 0.05, 0.01, 0.001, 0.000_01, 0.000_000_1, 0]

/** Slower than an edge are some of those slower than the edge before. */
function drawSlower(requests: number, shares: readonly number[], random: Random): number[] {
  let [left, before] = [requests, 1]
  return shares.map((share) => {
    left = binomial(left, Math.min(1, share / before), random)
    before = share
    return left
  })
}

function drawSide(requests: number, release: Release, times: number, random: Random): Side {
  return {
    requests,
    failures: binomial(requests, Math.min(1, release.errors * times), random),
    slower: drawSlower(requests, release.slower, random),
    own: {},
  }
}

/** A side some of whose instances have failed in bursts. */
function withBursts(side: Side, { bursts }: World, instances: number, seconds: number, random: Random): Side {
  if (!bursts) return side
  const count = poisson((instances * seconds) / bursts.everySeconds, random)
  return { ...side, failures: Math.min(side.requests, side.failures + count * bursts.of) }
}

/** What the gateway counts in `seconds` that end at `second`; at 1,000 a second, from 0. */
export function drawSpan(world: World, second: number, seconds: number, random: Random): Span {
  const all = poisson(world.requestsPerSecond(second) * seconds, random)
  const onCanary = binomial(all, world.sentShare ?? world.share, random)
  const times = world.errorsTimes?.(second) ?? 1
  const others = 1 / world.share - 1
  return {
    at: second * 1_000,
    share: world.share,
    canary: withBursts(drawSide(onCanary, world.canary, times, random), world, 1, seconds, random),
    live: withBursts(drawSide(all - onCanary, world.live, times, random), world, others, seconds, random),
  }
}
