import { intervalText, pText, sizeText } from '../compare/wording.ts'
import type { Drift, History, Shift, Total } from './finding.ts'

/** `carries 11 % less since 3f2a… (p = 0.001)`; of several the verb stands once. */
const shiftText = ({ ratio, release, p }: Shift, at: number): string =>
  `${at === 0 ? 'carries ' : ''}${sizeText(ratio)} ${ratio > 0 ? 'more' : 'less'} since ${release} (${pText(p)})`

function driftText({ ratio, releases, last, isGoingOn }: Drift): string {
  const verb = ratio > 0 ? 'gained' : 'lost'
  const when = isGoingOn
    ? `has ${verb} ${sizeText(ratio)} over the last ${releases} releases`
    : `${verb} ${sizeText(ratio)} over ${releases} releases up to ${last}`
  return `${when}, a little with each`
}

/** `carries 4 % more than 12 releases ago (95 %: −2 % to +11 %); no lasting change` */
function steadyText({ ratio, interval }: Total, releases: number): string {
  const then = releases === 1 ? 'the release before' : `${releases} releases ago`
  const size = sizeText(ratio)
  const how = size === '0 %' ? 'as much as' : `${size} ${ratio > 0 ? 'more' : 'less'} than`
  const isNone = interval.low <= 0 && interval.high >= 0
  const rest = isNone ? 'no lasting change' : 'no single change stands out'
  return `carries ${how} ${then} (95 %: ${intervalText(interval)}); ${rest}`
}

/** `a, b and c`; where parts have commas of their own the sentence still reads. */
const listed = (texts: readonly string[]): string =>
  texts.length < 2 ? texts.join() : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`

function leftOutText(count: number): string {
  if (count === 0) return ''
  return `; ${count === 1 ? 'one release' : `${count} releases`} could not be compared`
}

/**
 * The finding of a history in one sentence, without subject and full stop.
 * @param releases in all, those that were left out too
 */
export function historySentence(
  { total, shifts, drift, leftOut }: Omit<History, 'text'>,
  releases: number,
): string {
  if (!total) return `no release that ran here was compared yet${leftOutText(leftOut.length)}`
  const found = [...shifts.map(shiftText), ...(drift ? [driftText(drift)] : [])]
  const finding = found.length > 0 ? listed(found) : steadyText(total, releases)
  return `${finding}${leftOutText(leftOut.length)}`
}
