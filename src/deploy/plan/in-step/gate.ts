import {
  type Awaiting,
  type Digest,
  type Evidence,
  type Gate,
  pass,
  type Reason,
  type Verdict,
} from '../../../kernel/index.ts'
import { comingIn, type Difference, type Drift, undeclared } from './drift.ts'
import { driftKind } from './watch.ts'

const reasonOf = ({ what, there, here, because }: Difference, { with: leader }: Drift): Reason => ({
  text: `${what} is ${here}, and ${there} in ${leader}${because ? `: ${because}` : ''}`,
})

/**
 * Whether an environment is in step: what differs is declared, or it is drift. That which a deployment under way mends
 * is waited for.
 * @param seen the evidence that tells of the drift
 */
export function judgeDrift(drift: Drift, seen: Digest): Verdict | Awaiting {
  const reasons = undeclared(drift).map((one) => reasonOf(one, drift))
  if (reasons.length > 0) return { is: 'fail', reasons }
  const [coming] = comingIn(drift)
  if (coming) return { is: 'waits', because: `${coming.coming} mends ${coming.what} (${coming.there})` }
  const [unknown, ...more] = drift.unknown
  if (unknown !== undefined)
    return { is: 'inconclusive', reasons: [unknown, ...more].map((text) => ({ text })) }
  return pass(seen)
}

const placeOf = ({ about }: Evidence): string => about.environment?.split('.').at(-1) ?? ''

/** The newest word of each environment about what it follows. */
function newestOf(evidence: readonly Evidence[]): readonly Evidence[] {
  const newest = new Map<string, Evidence>()
  for (const one of evidence.filter(({ kind }) => kind === driftKind))
    if (one.at >= (newest.get(placeOf(one))?.at ?? 0)) newest.set(placeOf(one), one)
  return [...newest.values()]
}

/**
 * Holds when every environment in step with this one is in step: what is measured there then tells of here. Before the
 * first release there is nothing to be in step with.
 */
export const driftGate: Gate<undefined, Verdict | Awaiting> = {
  name: 'drift',
  needs: [driftKind],
  judge(_config, { environment }, evidence) {
    const all = newestOf(evidence).map((one) => ({ one, place: placeOf(one) }))
    const said = all.map(({ one, place }) => ({
      place,
      word: judgeDrift(one.body as unknown as Drift, one.id),
    }))
    const not = (is: 'fail' | 'inconclusive') =>
      said.flatMap(({ place, word }) =>
        word.is === is ? word.reasons.map((reason) => ({ ...reason, text: `${place}: ${reason.text}` })) : [],
      )
    if (not('fail').length > 0) return { is: 'fail', reasons: not('fail') }
    for (const { place, word } of said)
      if (word.is === 'waits') return { is: 'waits', because: `${place}: ${word.because}` }
    if (not('inconclusive').length > 0) return { is: 'inconclusive', reasons: not('inconclusive') }
    const [first, ...more] = all.map(({ one }) => one.id)
    return first === undefined
      ? { is: 'waits', because: `nobody has looked yet whether what follows ${environment} is in step` }
      : pass(first, ...more)
  },
}
