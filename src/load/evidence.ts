import { instanceSizeText, sameSize } from '../kernel/index.ts'
import type { ComparisonEnd } from './comparison-run.ts'
import { thisPlace } from './place.ts'
import type { ComparisonEvidence } from './plan/compare/evidence.ts'
import { sentence } from './plan/compare/index.ts'
import type { SizesCompared } from './plan/story/state.ts'

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
  /** Of what size instances of either are where they run. */
  readonly sizes?: SizesCompared
}

const plain = ({ name, exactly }: Named): Named => ({ name, exactly })

/** A size that changes with a release: what was compared has no limits, and does not show it. */
const sizesText = (sizes: SizesCompared | undefined): string =>
  sizes && !sameSize(sizes.base, sizes.change)
    ? `; its size changes with it, from ${instanceSizeText(sizes.base)} to ${instanceSizeText(sizes.change)}: both were compared without limits, so that this is not in the figures`
    : ''

/** What a comparison found, of what, and where: to be kept, and imported elsewhere. */
export function evidenceOf(
  { comparison, rounds }: Extract<ComparisonEnd, { is: 'compared' }>,
  { base, change, sends, objective, startedAt, besideProduction, sizes }: ComparedWhat,
): ComparisonEvidence {
  return {
    ...comparison,
    text: `${change.name} ${sentence(comparison, { base: base.name, change: change.name })}${sizesText(sizes)}`,
    ...(sizes ? { sizes } : {}),
    startedAt,
    about: { base: plain(base), change: plain(change) },
    sends,
    objective,
    place: { ...thisPlace(), besideProduction },
    measured: rounds.map((one) => ({ ...one })),
  }
}
