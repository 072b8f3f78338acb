import { type ComparisonState, countedRounds } from './state.ts'
import { levels, spentAlpha } from './statistics/spending.ts'

/** One-sided chances of erring over all looks: letting a worse change pass, failing one that is not. */
const passAlpha = 0.05
const failAlpha = 0.025

/** A look, and the p values at which it decides. */
export type LookLevels = {
  readonly rounds: number
  /** Of the information that the whole comparison would have. */
  readonly share: number
  readonly passLevel: number
  readonly failLevel: number
}

type PlacedLook = Pick<LookLevels, 'rounds' | 'share'>

const spending = (looks: readonly PlacedLook[], alpha: number): readonly number[] =>
  levels(looks.map(({ rounds, share }) => ({ rounds, spent: spentAlpha(alpha, share) })))

/**
 * The looks so far. With `isEnd` the rounds as they stand are the last look, which spends all that is left:
 * ending early by time alone costs nothing but power.
 */
export function looksSoFar(s: ComparisonState, isEnd: boolean): readonly LookLevels[] {
  const counted = countedRounds(s).length
  const reached = s.looks.map(({ rounds, ofRounds }) => ({ rounds, share: rounds / ofRounds }))
  const before = reached.filter((look) => look.rounds < counted)
  const looks = isEnd && counted > 0 ? [...before, { rounds: counted, share: 1 }] : reached
  const pass = spending(looks, passAlpha)
  const fail = spending(looks, failAlpha)
  return looks.map((look, at) => ({ ...look, passLevel: pass[at] ?? 0, failLevel: fail[at] ?? 0 }))
}
