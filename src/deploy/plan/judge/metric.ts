import type { Instant } from '../../../kernel/index.ts'
import { type Evidence, type Limits, learn, noEvidence, passQuietly } from './evidence.ts'
import { type Pair, requestLikelihood, shareLikelihood } from './likelihood.ts'

/** One thing that may be bad about requests, counted on both sides. */
export type Metric = {
  /** All that counted. */
  readonly total: Pair
  /** Requests that wait until there are enough to compare. */
  readonly block: Pair
  /** Given both numbers of requests: needs no trust in the split. */
  readonly byRequests: Evidence
}

/** Failures are rare and urgent: they are judged by the share asked for, too, without waiting for a block. */
export type Errors = Metric & { readonly byShare: Evidence }

/** What a span says, with all that it is taken with. */
export type Step = Limits & {
  readonly at: Instant
  readonly share: number
  /** The share is another than before: no block spans it. */
  readonly isNewShare: boolean
}

export const noPair: Pair = { canary: { bad: 0, of: 0 }, live: { bad: 0, of: 0 } }

export const addPairs = (a: Pair, b: Pair): Pair => ({
  canary: { bad: a.canary.bad + b.canary.bad, of: a.canary.of + b.canary.of },
  live: { bad: a.live.bad + b.live.bad, of: a.live.of + b.live.of },
})

export const newMetric = (at: Instant): Metric => ({
  total: noPair,
  block: noPair,
  byRequests: noEvidence(at),
})
export const newErrors = (at: Instant): Errors => ({ ...newMetric(at), byShare: noEvidence(at) })

/**
 * A block holds so many requests that the canary may expect this many of them. With fewer the canary's number is
 * mostly chance, and taking it as given would throw evidence away. When a block ends depends on both sides'
 * requests together, never on who answered or how: it tells nothing.
 */
const canaryInBlock = 5

const isFull = ({ canary, live }: Pair, share: number): boolean =>
  (canary.of + live.of) * share >= canaryInBlock

function learnBlock(m: Metric, step: Step): Metric {
  const { canary, live } = m.block
  if (canary.bad + live.bad === 0)
    return { ...m, block: noPair, byRequests: passQuietly(m.byRequests, m.block) }
  const gainsOf = (bad: number) => requestLikelihood({ canary: { ...canary, bad }, live })
  return { ...m, block: noPair, byRequests: learn(m.byRequests, step.at, m.block, gainsOf, step) }
}

/** A metric that knows of a span. */
export function addToMetric(m: Metric, seen: Pair, step: Step): Metric {
  const before = step.isNewShare ? learnBlock(m, step) : m
  const after = { ...before, total: addPairs(m.total, seen), block: addPairs(before.block, seen) }
  return isFull(after.block, step.share) ? learnBlock(after, step) : after
}

export function addToErrors(m: Errors, seen: Pair, step: Step): Errors {
  const [canary, live] = [seen.canary.bad, seen.live.bad]
  const gainsOf = (bad: number) => shareLikelihood(bad, live, step.share)
  const byShare =
    canary + live === 0 ? passQuietly(m.byShare, seen) : learn(m.byShare, step.at, seen, gainsOf, step)
  return { ...addToMetric(m, seen, step), byShare }
}

/** Of the bet on failures, what goes by the share asked for; the rest goes by requests. */
export const byShareWeight = 0.8

const mix = (a: number, b: number): number => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)))

/** Wealth of both ways together; without trust in the split, of what does not need it. */
export function logErrors({ byShare, byRequests }: Errors, isSplitRight: boolean): number {
  const careful = byRequests.wealth + Math.log(1 - byShareWeight)
  return isSplitRight ? mix(byShare.wealth + Math.log(byShareWeight), careful) : careful
}
