import type { Pair, Tally } from './likelihood.ts'

/**
 * Whether failures come in bursts: how much more each side's share of bad ones changes from one span to the next than
 * chance has it. What changes slowly, such as the load of the day, does not show.
 */
export type Bursts = {
  readonly before: Pair
  /** Squared changes, and what they would be by chance; both in failures. */
  readonly seen: number
  readonly byChance: number
}

const nobody: Tally = { bad: 0, of: 0 }

export const noBursts: Bursts = { before: { canary: nobody, live: nobody }, seen: 0, byChance: 0 }

type Change = Pick<Bursts, 'seen' | 'byChance'>

const none: Change = { seen: 0, byChance: 0 }

/** From one share to the next: its variance by chance is p (1 − p) (1/n + 1/m). */
function changeOf(before: Tally, now: Tally): Change {
  const both = before.of + now.of
  if (before.of === 0 || now.of === 0 || before.bad + now.bad === 0) return none
  const share = (before.bad + now.bad) / both
  const change = now.bad / now.of - before.bad / before.of
  return {
    seen: (change ** 2 * before.of * now.of) / 2,
    byChance: (share * (1 - share) * both) / 2,
  }
}

/** A live version that fails this much is down and not bursting: both sides have it alike, and it cancels. */
const down = 0.5

const isDown = ({ bad, of }: Tally): boolean => bad > down * of

/** Knows of a span, or of a block of them. */
export function addToBursts(b: Bursts, now: Pair): Bursts {
  const before = {
    canary: now.canary.of > 0 ? now.canary : b.before.canary,
    live: now.live.of > 0 ? now.live : b.before.live,
  }
  if (isDown(now.live) || isDown(b.before.live)) return { ...b, before }
  const [canary, live] = [changeOf(b.before.canary, now.canary), changeOf(b.before.live, now.live)]
  return {
    before,
    seen: b.seen + canary.seen + live.seen,
    byChance: b.byChance + canary.byChance + live.byChance,
  }
}

/** So many failures without bursts are assumed to have been seen before the first. */
const assumed = 5
/** A little more than by chance is by chance. */
const least = 1.5

/** How many failures go for one: the size of a burst, 1 when they come by chance. */
export function burstSize({ seen, byChance }: Bursts): number {
  const size = (seen + assumed) / (byChance + assumed)
  return size < least ? 1 : size
}
