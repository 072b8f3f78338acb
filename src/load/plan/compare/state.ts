import { z } from 'zod'
import { type CompareOptions, compareOptions, plannedLooks } from './options.ts'
import { type Round, round } from './round.ts'
import { middleOf } from './statistics/walsh.ts'

/** All that a comparison knows: plain JSON, so that it can be kept and continued. */
export const comparisonState = z.object({
  options: compareOptions,
  rounds: z.array(round.extend({ tookMs: z.number().nonnegative() })),
  /** Planned looks that were reached, with the number of rounds that the budget then seemed to allow in all. */
  looks: z.array(z.object({ rounds: z.int().positive(), ofRounds: z.int().positive() })),
})

export type ComparisonState = z.output<typeof comparisonState>

/**
 * A comparison before its first round.
 * @throws ZodError when the options make no sense
 */
export const beginComparison = (options: CompareOptions): ComparisonState => ({
  options: compareOptions.parse(options),
  rounds: [],
  looks: [],
})

/** The rounds that count. */
export const countedRounds = (s: ComparisonState): readonly Round[] =>
  s.rounds.filter((each) => each.void === undefined)

/** What a round takes: the median of those so far, those that do not count too; 0 before the first. */
export const roundMs = (s: ComparisonState): number =>
  s.rounds.length === 0 ? 0 : middleOf(s.rounds.map((each) => each.tookMs).sort((a, b) => a - b))

/** How many rounds there will be in all, as far as time can tell. By time alone: never by what they showed. */
function expectedRounds(s: ComparisonState): number {
  const spentMs = s.rounds.reduce((sum, each) => sum + each.tookMs, 0)
  const counted = countedRounds(s).length
  const more = Math.floor(Math.max(0, s.options.budgetMs - spentMs) / Math.max(1, roundMs(s)))
  return Math.min(s.options.maxRounds, counted + more)
}

/** The state after a round that took `tookMs`; notes a look when one was planned for this number of rounds. */
export function addRound(s: ComparisonState, added: Round, tookMs: number): ComparisonState {
  const after = { ...s, rounds: [...s.rounds, { ...added, tookMs }] }
  const counted = countedRounds(after).length
  const isLook = added.void === undefined && plannedLooks(s.options).includes(counted)
  if (!isLook) return after
  return { ...after, looks: [...s.looks, { rounds: counted, ofRounds: expectedRounds(after) }] }
}
