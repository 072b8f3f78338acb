import type { Comparison, Effect, SecondaryEffect } from './comparison.ts'
import { intervalText, isDifference, type Names, pText, roundsText, sizeText } from './wording.ts'

/** How a figure that differs is said. */
const saying: Readonly<Record<Effect['metric'], (size: string, isMore: boolean, base: string) => string>> = {
  carries: (size, isMore, base) => `carries ${size} ${isMore ? 'more' : 'less'} than ${base}`,
  p50: (size, isMore, base) => `has a p50 ${size} ${isMore ? 'higher' : 'lower'} than ${base}`,
  p99: (size, isMore, base) => `has a p99 ${size} ${isMore ? 'higher' : 'lower'} than ${base}`,
  cpu: (size, isMore, base) => `uses ${size} ${isMore ? 'more' : 'less'} CPU per request than ${base}`,
  memory: (size, isMore, base) => `uses ${size} ${isMore ? 'more' : 'less'} memory than ${base}`,
}

/** `carries 6 % less than main (95 %: 3–9 %, p = 0.01)`. */
export function differenceText(effect: Effect, base: string, p = effect.p): string {
  const estimate = effect.estimate ?? 0
  const said = saying[effect.metric](sizeText(estimate), estimate > 0, base)
  return effect.interval ? `${said} (95 %: ${intervalText(effect.interval)}, ${pText(p)})` : said
}

/** `carries as much as main within 2 %`: the far end of the interval, rounded up. */
function sameText({ interval, rounds, margin }: Effect, base: string): string {
  if (!interval) return `carries at most ${sizeText(margin ?? 0)} less than ${base} (${roundsText(rounds)})`
  const far = Math.max(-interval.low, interval.high)
  const within = Math.ceil(far * (far < 0.0295 ? 1_000 : 100) - 1e-9) / (far < 0.0295 ? 1_000 : 100)
  return `carries as much as ${base} within ${sizeText(within)} (95 %: ${intervalText(interval)})`
}

/** Of a run that was sharp enough for its margin, but met a change that lies about there. */
function nearText(primary: Effect, base: string): string {
  const margin = sizeText(primary.margin ?? 0)
  if (isDifference(primary))
    return `${differenceText(primary, base)}; cannot tell whether that is more than the margin of ${margin}`
  const interval = primary.interval ? ` (95 %: ${intervalText(primary.interval)})` : ''
  return `cannot tell whether it carries more than ${margin} less than ${base}${interval}`
}

function untoldText({ primary, rounds, smallestEffect }: Comparison, base: string): string {
  const used = roundsText(rounds.used)
  if (rounds.used === 0) return 'cannot tell: no round counted'
  if (smallestEffect === null) return `cannot tell: ${used} ${rounds.used === 1 ? 'is' : 'are'} too few`
  if (isDifference(primary) || smallestEffect <= (primary.margin ?? 0)) return nearText(primary, base)
  return `cannot tell: the smallest effect that ${used} could have seen is ${sizeText(smallestEffect)}`
}

function primaryText(c: Comparison, base: string): string {
  if (c.primary.verdict === 'inconclusive') return untoldText(c, base)
  return isDifference(c.primary) ? differenceText(c.primary, base) : sameText(c.primary, base)
}

/** `uses 12 % more CPU per request than main (…)` of a secondary figure. */
export const secondaryText = (effect: SecondaryEffect, base: string): string =>
  differenceText(effect, base, effect.pCorrected)

/** The whole comparison in one sentence about the change, without subject and full stop. */
export function sentence(c: Comparison, names: Names): string {
  const worse = c.secondary.filter((effect) => effect.verdict === 'fail')
  const first = primaryText(c, names.base)
  if (worse.length === 0) return first
  return `${first}, ${c.primary.verdict === 'fail' ? 'and' : 'but'} ${worse.map((effect) => secondaryText(effect, names.base)).join(' and ')}`
}
