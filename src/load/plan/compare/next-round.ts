import { seededRandom } from '../../../kernel/index.ts'
import type { Comparison, Ended } from './comparison.ts'
import { conclude, isDecided } from './conclude.ts'
import type { Round } from './round.ts'
import { type ComparisonState, countedRounds, roundMs } from './state.ts'

export type NextRound =
  | { readonly is: 'round'; readonly order: Round['order'] }
  | { readonly is: 'verdict'; readonly comparison: Comparison }

/** Why there can be no further round, whatever the figures say. */
function endedBy(s: ComparisonState, elapsedMs: number): Ended | undefined {
  const counted = countedRounds(s).length
  if (counted >= s.options.maxRounds) return 'all rounds'
  if (s.rounds.length - counted > s.options.maxRounds) return 'voided rounds'
  return elapsedMs + roundMs(s) > s.options.budgetMs ? 'budget' : undefined
}

/** Who comes first: by chance, but in each pair of rounds each side once. */
function orderOf(s: ComparisonState): Round['order'] {
  const at = s.rounds.length
  const pair = seededRandom(s.options.seed).fork(`pair ${Math.floor(at / 2)}`)
  return pair.next() < 0.5 === (at % 2 === 0) ? 'base first' : 'change first'
}

/** Whether the last round was one after which to look. */
const isLook = (s: ComparisonState): boolean =>
  s.rounds.at(-1)?.void === undefined && s.looks.at(-1)?.rounds === countedRounds(s).length

/**
 * What to do next: another round in this order, or nothing more because there is a verdict.
 * @param elapsedMs since the comparison began, preparations included
 */
export function nextRound(s: ComparisonState, elapsedMs: number): NextRound {
  const ended = endedBy(s, elapsedMs) ?? (isLook(s) && isDecided(s) ? 'decided' : undefined)
  return ended
    ? { is: 'verdict', comparison: conclude(s, elapsedMs, ended) }
    : { is: 'round', order: orderOf(s) }
}
