import type { ComparisonEnd } from './comparison-run.ts'
import { thisPlace } from './place.ts'
import type { ComparisonEvidence } from './plan/compare/evidence.ts'
import { sentence } from './plan/compare/index.ts'

type Named = { readonly name: string; readonly exactly: string }

/** What a comparison was about. */
export type ComparedWhat = {
  readonly base: Named
  readonly change: Named
  /** A path or a scenario. */
  readonly sends: string
  readonly objective: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly besideProduction: boolean
}

const plain = ({ name, exactly }: Named): Named => ({ name, exactly })

/** What a comparison found, of what, and where: to be kept, and imported elsewhere. */
export function evidenceOf(
  { comparison, rounds }: Extract<ComparisonEnd, { is: 'compared' }>,
  { base, change, sends, objective, startedAt, besideProduction }: ComparedWhat,
): ComparisonEvidence {
  return {
    ...comparison,
    text: `${change.name} ${sentence(comparison, { base: base.name, change: change.name })}`,
    startedAt,
    about: { base: plain(base), change: plain(change) },
    sends,
    objective,
    place: { ...thisPlace(), besideProduction },
    measured: rounds.map((one) => ({ ...one })),
  }
}
