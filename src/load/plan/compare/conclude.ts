import type { Comparison, Ended } from './comparison.ts'
import { primaryEffect, secondaryEffects } from './effects.ts'
import { type Found, judgeRounds, overall } from './judge.ts'
import { type LookLevels, looksSoFar } from './looks.ts'
import { carries, logRatios, shareOf } from './metrics.ts'
import { reasonsFor } from './reasons.ts'
import { type ComparisonState, countedRounds } from './state.ts'
import { smallestEffect } from './statistics/smallest-effect.ts'

const voidedRounds = (s: ComparisonState): Comparison['rounds']['voided'] =>
  s.rounds.flatMap((each, at) => (each.void === undefined ? [] : [{ round: at + 1, because: each.void }]))

/** Whether the latest look decides: nothing passes while a secondary metric is suspected and there may be more rounds. */
export function isDecided(s: ComparisonState): boolean {
  const look = looksSoFar(s, false).at(-1)
  if (!look) return false
  const judgement = judgeLook(s, look)
  const found: Found = overall(judgement)
  return found === 'fail' || (found === 'pass' && !judgement.suspects)
}

const judgeLook = (s: ComparisonState, look: LookLevels) =>
  judgeRounds(countedRounds(s).slice(0, look.rounds), s.options.margins, look)

/** Less by so much, as a positive share, of a difference of logarithms. */
const lessBy = (difference: number): number => -shareOf(-difference)

/** The comparison as it ends now. */
export function conclude(s: ComparisonState, elapsedMs: number, ended: Ended): Comparison {
  const rounds = countedRounds(s)
  const { margins } = s.options
  const judged = looksSoFar(s, ended !== 'decided').map((look) => ({ look, judgement: judgeLook(s, look) }))
  const last = judged.at(-1)?.judgement
  const seen = smallestEffect(logRatios(carries, rounds))
  const unreasoned = {
    schemaVersion: 1 as const,
    kind: 'load-comparison' as const,
    verdict: last ? overall(last) : ('inconclusive' as const),
    primary: primaryEffect(rounds, margins, last),
    secondary: [...secondaryEffects(rounds, margins, last)],
    smallestEffect: seen === null ? null : lessBy(seen),
    rounds: { used: rounds.length, voided: voidedRounds(s) },
    looks: judged.map(({ look, judgement }) => ({ ...look, found: overall(judgement) })),
    ended,
    elapsedMs,
    options: s.options,
  }
  return { ...unreasoned, reasons: reasonsFor(unreasoned) }
}
