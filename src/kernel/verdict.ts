import type { Digest } from './ids.ts'

/** Why a verdict is not a pass: one sentence, the numbers behind it, and what to do next when known. */
export type Reason = {
  readonly text: string
  readonly numbers?: Readonly<Record<string, number>>
  readonly next?: string
}

/** The answer of a check. A value, never an exception: "could not tell" is `inconclusive`, not an error. */
export type Verdict =
  | { readonly is: 'pass'; readonly seen: readonly [Digest, ...Digest[]] }
  | { readonly is: 'fail' | 'inconclusive'; readonly reasons: readonly Reason[] }

export const pass = (first: Digest, ...rest: readonly Digest[]): Verdict => ({
  is: 'pass',
  seen: [first, ...rest],
})
export const fail = (text: string, more: Omit<Reason, 'text'> = {}): Verdict => ({
  is: 'fail',
  reasons: [{ text, ...more }],
})
export const inconclusive = (text: string, more: Omit<Reason, 'text'> = {}): Verdict => ({
  is: 'inconclusive',
  reasons: [{ text, ...more }],
})

/** All must pass; one failure fails the whole; otherwise one doubt makes the whole inconclusive. */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  const seen = verdicts.flatMap((v) => (v.is === 'pass' ? v.seen : []))
  const not = (is: 'fail' | 'inconclusive') => verdicts.flatMap((v) => (v.is === is ? v.reasons : []))
  if (verdicts.some((v) => v.is === 'fail')) return { is: 'fail', reasons: not('fail') }
  if (verdicts.some((v) => v.is === 'inconclusive'))
    return { is: 'inconclusive', reasons: not('inconclusive') }
  const [first, ...rest] = seen
  return first === undefined ? inconclusive('nothing was checked') : pass(first, ...rest)
}
