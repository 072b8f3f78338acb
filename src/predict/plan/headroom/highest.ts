import type { Paths, Refusal } from '../../../forecast/index.ts'
import type { Reason } from '../../../kernel/index.ts'
import type { LoadAhead } from './ahead.ts'
import { chanceText } from './ahead-words.ts'
import type { WholeLine } from './scale.ts'
import { rangeText } from './sentence.ts'

/** How high load comes within some days: what a gate keeps of all that was simulated. */
export type HighestAhead =
  | {
      readonly days: number
      /** Quantiles of the highest rate of each future, in steps of 5 %, from the lowest to the highest; five minutes count where they are known. */
      readonly highest: number[]
      readonly factor: number
      readonly why: string
    }
  | { readonly days: number; readonly because: string }

const steps = 20
/** A line is kept when no more futures than these cross it. */
const mostCross = 0.2

function quantiles({ peaks }: Paths, days: number, factor: number): number[] {
  const highest = peaks
    .map((path) => path.subarray(0, days).reduce((most, value) => Math.max(most, value), 0) * factor)
    .sort((a, b) => a - b)
  return Array.from(
    { length: steps + 1 },
    (_, i) => highest[Math.round((i / steps) * (highest.length - 1))] ?? 0,
  )
}

/** @param days so far ahead, counted from the end of the history */
export function highestAhead({ paths, within }: LoadAhead, days: number): HighestAhead {
  if (paths.is === 'refused') return { days, because: (paths satisfies Refusal).why }
  const factor = within?.factor ?? 1
  return { days, factor, highest: quantiles(paths, days, factor), why: paths.why }
}

/** Share of futures that come to a rate or above. */
function shareAbove(highest: readonly number[], rate: number): number {
  const above = highest.findIndex((value) => value >= rate)
  if (above < 0) return 0
  if (above === 0) return 1
  const [lower, upper] = [highest[above - 1] as number, highest[above] as number]
  return 1 - (above - 1 + (rate - lower) / (upper - lower)) / (highest.length - 1)
}

const toBeSurer = ({ high }: WholeLine): string =>
  Number.isFinite(high)
    ? 'measure it again, for longer: load.line.budget'
    : 'let the search for the line go further: load.line.max'

/**
 * Why a release may not keep its load line for so long, and whether that is sure; undefined when it does, though the line
 * were at its low end.
 */
export function crossesAhead(
  line: WholeLine,
  ahead: HighestAhead,
): { readonly isSure: boolean; readonly reason: Reason } | undefined {
  if ('because' in ahead)
    return {
      isSure: false,
      reason: {
        text: `nobody can say yet what comes in the next ${ahead.days} days: of its past ${ahead.because}`,
        next: 'wait for three weeks of requests, bring along what another tool has counted, or waive it',
      },
    }
  const { days, highest } = ahead
  const [worst, best] = [shareAbove(highest, line.low), shareAbove(highest, line.high)]
  if (worst <= mostCross) return undefined
  const isSure = best > mostCross
  const chance = shareAbove(highest, line.at)
  const text = `it crosses its load line, ${rangeText(line)}, within ${days} days in ${chanceText(chance)} of futures; in no more than 20 % it may`
  return {
    isSure,
    reason: {
      text: isSure ? text : `${text}: that is within what the load line may be`,
      numbers: { crosses: chance, linePerSecond: line.at, days, comesToPerSecond: highest[steps / 2] ?? 0 },
      next: isSure ? 'more instances, or a release that carries more' : toBeSurer(line),
    },
  }
}
