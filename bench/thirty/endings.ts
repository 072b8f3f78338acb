import type { DeploymentView } from '../../src/contract/index.ts'

/** What ended a deployment. */
export type Ending =
  | 'passed'
  | 'judge: errors'
  | 'judge: latency'
  | 'crash'
  | 'limit'
  | 'smoke check'
  | 'inconclusive'
  | 'something else'

type Ended = Pick<DeploymentView, 'standing' | 'reasons' | 'judge'>

const judged = ({ judge, reasons }: Ended): Ending[] => {
  if (judge?.is !== 'fail') return []
  return [reasons[0]?.text.startsWith('fails') ? 'judge: errors' : 'judge: latency']
}

/** In words that the deployment itself uses. */
const inWords: readonly (readonly [RegExp, Ending])[] = [
  [/^smoke check/, 'smoke check'],
  [/ran out of memory/, 'limit'],
  [/exited with|, \d+ times$/, 'crash'],
]

function told({ text }: { readonly text: string }): Ending[] {
  const found = inWords.find(([words]) => words.test(text))
  return found ? [found[1]] : []
}

/** All that spoke against it, what ended it first. */
export function endingsOf(ended: Ended): readonly Ending[] {
  if (ended.standing === 'passed') return ['passed']
  const why = [...judged(ended), ...ended.reasons.flatMap(told)]
  if (ended.standing === 'inconclusive') return ['inconclusive', ...new Set(why)]
  return why.length > 0 ? [...new Set(why)] : ['something else']
}

/** When all requests went to the one or to the other version for good. */
export const decidedAt = ({ rail }: Pick<DeploymentView, 'rail'>): number | undefined =>
  rail.find(({ title, at }) => /^all requests to the (old|new) instances$/.test(title) && at !== undefined)
    ?.at
