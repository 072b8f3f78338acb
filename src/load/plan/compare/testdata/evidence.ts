import { evidenceOf } from '../../../evidence.ts'
import type { ComparisonEvidence } from '../evidence.ts'
import { nextRound } from '../next-round.ts'
import { defaultCompareOptions } from '../options.ts'
import type { Round } from '../round.ts'
import { addRound, beginComparison } from '../state.ts'
import type { Names } from '../wording.ts'

const roundMs = 17_000

/** What a comparison would have found of a change that carries `ratio` times as much as the base. */
export function foundRatio(ratio: number, names: Names): ComparisonEvidence {
  let state = beginComparison(defaultCompareOptions)
  for (let n = 0; ; n++) {
    const next = nextRound(state, n * roundMs)
    if (next.is === 'verdict') {
      const end = { is: 'compared', comparison: next.comparison, rounds: state.rounds } as const
      return evidenceOf(end, {
        base: { name: names.base, exactly: names.base },
        change: { name: names.change, exactly: names.change },
        sends: '/',
        objective: 'p99<250ms',
        startedAt: 0,
        besideProduction: true,
      })
    }
    const figures = (carriesPerSecond: number) => ({ carriesPerSecond, p50Ms: 5, p99Ms: 20 })
    const wobble = 1 + 0.002 * Math.sin(n)
    const round: Round = { order: next.order, base: figures(1_000), change: figures(1_000 * ratio * wobble) }
    state = addRound(state, round, roundMs)
  }
}
