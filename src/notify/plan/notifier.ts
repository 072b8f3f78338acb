import {
  type Decision,
  type Effect,
  type Happening,
  type Instant,
  type Json,
  type Machine,
  move,
  wait,
} from '../../kernel/index.ts'
import { outcomeOf } from './retry.ts'
import {
  type NotifierCommand,
  type NotifierSeen,
  type NotifierState,
  type Outgoing,
  type PostEnd,
  type PostSpec,
  type PostTarget,
  postKey,
} from './state.ts'

const timeoutMs = 10_000
const lookAgainMs = 500
const givenUpRemembered = 20

const tell = ({ service, name }: NotifierState, type: string, message: string): Happening => ({
  type,
  body: { service, webhook: name, message },
})

function postEffect(state: NotifierState, { body }: Outgoing, target: PostTarget, post: number): Effect {
  const spec: PostSpec = { ...target, id: body.id, body: JSON.stringify(body), timeoutMs }
  return { kind: 'post.start', key: postKey(state, post), spec: spec as unknown as Json }
}

/** Sends the first; a try of which nobody knows the end is made again under another key, and with the same message. */
function send(state: NotifierState, first: Outgoing, target: PostTarget): Decision<NotifierState> {
  const post = state.posts + 1
  const next = { ...state, posts: post, sending: post }
  return move(next, { effects: [postEffect(state, first, target, post)] })
}

const unsent = ({ sending: _, ...state }: NotifierState): NotifierState => state

function delivered(state: NotifierState, rest: readonly Outgoing[], now: Instant): Decision<NotifierState> {
  return move({ ...unsent(state), queue: rest, delivered: state.delivered + 1, deliveredAt: now })
}

function givenUp(
  state: NotifierState,
  { body: { id, type }, tries }: Outgoing,
  because: string,
  now: Instant,
): Decision<NotifierState> {
  const lost = { id, type, at: now, tries, because }
  const next = {
    ...unsent(state),
    queue: state.queue.slice(1),
    givenUp: [lost, ...state.givenUp].slice(0, givenUpRemembered),
    lost: state.lost + 1,
  }
  return move(next, { events: [tell(state, 'webhook.gaveUp', id)] })
}

function tried(state: NotifierState, first: Outgoing, end: PostEnd, now: Instant): Decision<NotifierState> {
  const after: Outgoing = { ...first, tries: first.tries + 1 }
  const outcome = outcomeOf(end, after, now)
  switch (outcome.is) {
    case 'delivered':
      return delivered(state, state.queue.slice(1), now)
    case 'givenUp':
      return givenUp(state, after, outcome.because, now)
    case 'again': {
      const again: Outgoing = { ...after, nextAt: outcome.at, failed: outcome.because }
      const events = first.failed === outcome.because ? [] : [tell(state, 'webhook.failed', first.body.id)]
      return move({ ...unsent(state), queue: [again, ...state.queue.slice(1)] }, { events })
    }
  }
}

/** One message after the other: each waits until the one before was delivered, or given up. */
function decide(
  state: NotifierState,
  { found, target }: NotifierSeen,
  now: Instant,
): Decision<NotifierState> {
  const [first] = state.queue
  if (!first) return wait('there is nothing to tell')
  if (state.sending !== undefined && found === 'running')
    return wait('a message is being sent', now + lookAgainMs)
  if (state.sending !== undefined && typeof found === 'object') return tried(state, first, found.ended, now)
  if (!target) return move({ ...unsent(state), queue: [] })
  if (first.nextAt !== undefined && first.nextAt > now)
    return wait(`${first.failed}: it is tried again`, first.nextAt)
  return send(state, first, target)
}

function accept(state: NotifierState, command: NotifierCommand, now: Instant): Decision<NotifierState> {
  if (state.queue.some(({ body }) => body.id === command.body.id)) return wait('it is on its way')
  const queue = [...state.queue, { body: command.body, cameAt: now, tries: 0 }]
  if (command.is === 'ping') return move({ ...state, queue })
  if (command.seq <= state.seq) return wait('this was told before')
  return move({ ...state, queue, seq: command.seq })
}

/** A webhook: an outbox that survives everything, emptied in order. Nobody waits for it. */
export const notifier: Machine<NotifierState, NotifierSeen, NotifierCommand> = {
  kind: 'notifier',
  decide,
  accept,
}
