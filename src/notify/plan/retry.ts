import type { Instant } from '../../kernel/index.ts'
import type { MessageBody } from './message.ts'
import type { Outgoing, PostEnd } from './state.ts'

const firstPauseMs = 1_000
const longestPauseMs = 5 * 60_000
/** A message is tried for an hour, and at least three times, since the hour may have gone by while nobody ran. */
const patienceMs = 3_600_000
/** An alert is news for longer: nobody may know yet what it tells. */
const alertPatienceMs = 86_400_000
const fewestTries = 3

/** 410: whoever was there does not want to be told any more. */
const gone = 410

const said = (end: PostEnd): string =>
  end.is === 'failed'
    ? end.because
    : `answered ${end.status}${end.status === gone ? ', gone' : ''}${end.said === undefined ? '' : `: ${end.said}`}`

const patienceOf = ({ type }: Pick<MessageBody, 'type'>): number =>
  type.startsWith('alert.') ? alertPatienceMs : patienceMs

/** A receiver may ask for patience, but not for ever. */
const longestAskedMs = 15 * 60_000

const askedPauseMs = (end: PostEnd): number =>
  end.is === 'answered' ? Math.min(end.retryAfterMs ?? 0, longestAskedMs) : 0

export type Outcome =
  | { readonly is: 'delivered' }
  | { readonly is: 'again'; readonly at: Instant; readonly because: string }
  | { readonly is: 'givenUp'; readonly because: string }

/** What becomes of a message after a try. */
export function outcomeOf(end: PostEnd, { body, cameAt, tries }: Outgoing, now: Instant): Outcome {
  if (end.is === 'answered' && end.status >= 200 && end.status < 300) return { is: 'delivered' }
  const because = said(end)
  const isOver = now - cameAt >= patienceOf(body) && tries >= fewestTries
  if (isOver || (end.is === 'answered' && end.status === gone)) return { is: 'givenUp', because }
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(tries - 1, 20))
  return { is: 'again', at: now + Math.max(pauseMs, askedPauseMs(end)), because }
}
