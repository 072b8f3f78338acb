import type { Random } from '../../src/kernel/index.ts'
import { normalUpper, normalUpperQuantile } from '../../src/load/plan/compare/statistics/normal.ts'

/** Latency of the simulated service: log-normal about 60 ms, p99 at 242 ms; a canary of it. */
const medianMs = 60
const spread = 0.6

/** What a release does to latency: everything takes so many times as long, and some a second more. */
export type Slowness = { readonly times: number; readonly aSecondMore: number }

export const asFast: Slowness = { times: 1, aSecondMore: 0 }

/** Quantiles of the normal distribution by its upper tail, in steps of the tail's logarithm. */
const steps = 4_000
const farthest = 25
const table = Array.from({ length: steps + 1 }, (_, i) =>
  normalUpperQuantile(Math.exp((-i / steps) * farthest)),
)

function normalAbove(share: number): number {
  const place = Math.min(steps - 1e-6, (-Math.log(share) / farthest) * steps)
  const at = Math.max(1, Math.floor(place))
  return (table[at] ?? 0) + (place - at) * ((table[at + 1] ?? 0) - (table[at] ?? 0))
}

/** The latency that a share of the answers exceeds, in milliseconds. */
function exceededBy(share: number, { times, aSecondMore }: Slowness): number {
  const of = (rest: number) => medianMs * times * Math.exp(spread * normalAbove(rest))
  return share < aSecondMore ? 1_000 + of(share / aSecondMore) : of((share - aSecondMore) / (1 - aSecondMore))
}

/** The p99 (nearest rank) of so many answers: the few largest of as many uniform numbers, one after the other. */
export function drawP99(requests: number, slowness: Slowness, random: Random): number {
  const beyond = requests - Math.ceil(requests * 0.99)
  let largest = 1
  for (let i = 0; i <= beyond; i++) largest *= random.next() ** (1 / (requests - i))
  return exceededBy(Math.max(1e-10, 1 - largest), slowness)
}

/** Edges are the live version's p50, p90, p95, p99 and p99.9, twice that, 20 times the p50 and 5 times the p99.9; the canary's lie a tenth further. */
const known = [0.5, 0.1, 0.05, 0.01, 0.001].map(normalUpperQuantile)
const far = known.at(-1) ?? 0
const further = [far + Math.log(2) / spread, Math.log(20) / spread, far + Math.log(5) / spread]
const edges = [...known, ...further]
const harmless = 1.1

/** Shares of a release's answers beyond each edge. */
export const slowerShares = ({ times, aSecondMore }: Slowness, isCanary: boolean): readonly number[] =>
  edges.map((edge) => {
    const moved = isCanary ? Math.log(harmless / times) / spread : 0
    const edgeMs = medianMs * Math.exp(spread * edge) * (isCanary ? harmless : 1)
    // A second is not beyond an edge that lies further out.
    const slow =
      aSecondMore * (edgeMs < 1_000 ? 1 : normalUpper(Math.log((edgeMs - 1_000) / medianMs) / spread))
    return slow + (1 - aSecondMore) * normalUpper(edge + moved)
  })
