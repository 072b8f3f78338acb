import type { Instant } from '../../kernel/index.ts'
import type { MessageBody } from './message.ts'
import type { NotifierState, Outgoing } from './state.ts'

/** That all this works is said of now: what was not delivered of it is of no use any more. */
const isStale =
  (sending: boolean) =>
  ({ body }: Outgoing, i: number) =>
    body.type === 'watch.alive' && !(sending && i === 0)

/** A page does not wait until something before it is tried again: it is tried now. */
function hurry(queue: readonly Outgoing[]): readonly Outgoing[] {
  const [first, ...rest] = queue
  if (first?.nextAt === undefined) return queue
  const { nextAt: _, ...now } = first
  return [now, ...rest]
}

/** What is to be sent when one more message has come. */
export function enqueue(
  { queue, sending }: Pick<NotifierState, 'queue' | 'sending'>,
  body: MessageBody,
  now: Instant,
): readonly Outgoing[] {
  const isOld = isStale(sending !== undefined)
  const kept = body.type === 'watch.alive' ? queue.filter((one, i) => !isOld(one, i)) : queue
  const before = body.type === 'alert.page' && sending === undefined ? hurry(kept) : kept
  return [...before, { body, cameAt: now, tries: 0 }]
}
