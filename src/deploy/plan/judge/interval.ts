import type { Evidence } from './evidence.ts'
import { logSumExp, ratios } from './ratios.ts'

/** E′: how strongly the ratio is below `tolerated` (F2 of the methods), as a logarithm. */
export function logProof({ likelihood }: Evidence, tolerated: number): number {
  const lower = likelihood.filter((_, k) => (ratios[k] ?? 0) < tolerated * 0.999)
  return logSumExp(lower) - Math.log(lower.length) - likelihoodAt(likelihood, Math.log(tolerated))
}

const logStep = Math.LN2 / 2
const logFirst = -5 * Math.LN2

/** Between the ratios by the parabola through the three nearest. */
function likelihoodAt(likelihood: readonly number[], logRatio: number): number {
  const place = (logRatio - logFirst) / logStep
  const middle = Math.min(likelihood.length - 2, Math.max(1, Math.round(place)))
  const [a = 0, b = 0, c = 0] = likelihood.slice(middle - 1, middle + 2)
  const t = place - middle
  return b + (t * (c - a)) / 2 + (t * t * (a - 2 * b + c)) / 2
}

/** A ratio with its interval; null where what was seen sets no bound. */
export type RatioSeen = {
  readonly estimate: number | null
  readonly low: number | null
  readonly high: number | null
}

/** Where the likelihood crosses a line between two neighbours, by halving. */
function crossing(likelihood: readonly number[], inside: number, outside: number, line: number): number {
  let [near, far] = [logFirst + inside * logStep, logFirst + outside * logStep]
  for (let i = 0; i < 30; i++) {
    const half = (near + far) / 2
    if (likelihoodAt(likelihood, half) > line) near = half
    else far = half
  }
  return Math.exp(far)
}

/**
 * The ratio that explains best what was seen, and those that cannot be excluded at 95 %, whenever one looks
 * (Lindon & Malek, as above).
 */
export function ratioSeen({ likelihood }: Evidence): RatioSeen {
  const last = likelihood.length - 1
  const best = likelihood.indexOf(Math.max(...likelihood))
  const line = logSumExp(likelihood) - Math.log(likelihood.length) - Math.log(20)
  const lowest = likelihood.findIndex((value) => value > line)
  const highest = likelihood.findLastIndex((value) => value > line)
  const isNothing = likelihood.every((value) => value === 0)
  const [a = 0, b = 0, c = 0] = likelihood.slice(best - 1, best + 2)
  const bend = a - 2 * b + c
  return {
    estimate:
      isNothing || best === 0 || best === last
        ? null
        : Math.exp(logFirst + (best + (bend < 0 ? (a - c) / (2 * bend) : 0)) * logStep),
    low: lowest <= 0 ? null : crossing(likelihood, lowest, lowest - 1, line),
    high: highest === last ? null : crossing(likelihood, highest, highest + 1, line),
  }
}
