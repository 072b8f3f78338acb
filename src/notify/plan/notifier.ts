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
import { enqueue } from './queue.ts'
import { openAfter, sayAgain, sayAgainAt } from './reminding.ts'
import { outcomeOf } from './retry.ts'
import {
  type NotifierCommand,
  type NotifierSeen,
  type NotifierState,
  type Outgoing,
  type PostEnd,
  type PostSpec,
  postKey,
} from './state.ts'

const timeoutMs = 10_000
const lookAgainMs = 500
const givenUpRemembered = 20
const toldRemembered = 100

const tell = ({ service, name }: NotifierState, type: string, message: string): Happening => ({
  type,
  body: { service, notifier: name, message },
})

type Target = NonNullable<NotifierSeen['target']>

function postEffect(
  state: NotifierState,
  { body }: Outgoing,
  { target, page }: { readonly target: Target; readonly page?: string | undefined },
  post: number,
): Effect {
  const spec: PostSpec = {
    ...target,
    ...(page === undefined ? {} : { page }),
    id: body.id,
    body: JSON.stringify(body),
    timeoutMs,
  }
  return { kind: 'post.start', key: postKey(state, post), spec: spec as unknown as Json }
}

/** Sends the first; a try of which nobody knows the end is made again under another key, and with the same message. */
function send(
  state: NotifierState,
  first: Outgoing,
  to: { readonly target: Target; readonly page?: string | undefined },
): Decision<NotifierState> {
  const post = state.posts + 1
  const next = { ...state, posts: post, sending: post }
  return move(next, { effects: [postEffect(state, first, to, post)] })
}

const unsent = ({ sending: _, ...state }: NotifierState): NotifierState => state

/** What somebody was told of an alert is kept, for those who ask who knew. */
function rememberTold({ told = [] }: NotifierState, { body, tries }: Outgoing, end: PostEnd, now: Instant) {
  if (!body.type.startsWith('alert.')) return told
  const but = end.is === 'answered' && end.but !== undefined ? { but: end.but } : {}
  return [{ id: body.id, at: now, tries, ...but }, ...told].slice(0, toldRemembered)
}

function delivered(
  state: NotifierState,
  first: Outgoing,
  end: PostEnd,
  target: Target | undefined,
  now: Instant,
): Decision<NotifierState> {
  const rest = { ...unsent(state), queue: state.queue.slice(1), ...openAfter(state, first, target, now) }
  if (first.again) return move(rest)
  const told = rememberTold(state, first, end, now)
  return move({ ...rest, told, delivered: state.delivered + 1, deliveredAt: now })
}

function givenUp(
  state: NotifierState,
  after: Outgoing,
  because: string,
  target: Target | undefined,
  now: Instant,
): Decision<NotifierState> {
  const { body, tries, again } = after
  const { id, type } = body
  // Nobody is reminded of what is over, whether he heard of that or not.
  const open = type === 'alert.resolved' ? openAfter(state, after, target, now) : {}
  const rest = { ...unsent(state), queue: state.queue.slice(1), ...open }
  if (again) return move(rest)
  const lost = { id, type, at: now, tries, because }
  const next = {
    ...rest,
    givenUp: [lost, ...state.givenUp].slice(0, givenUpRemembered),
    lost: state.lost + 1,
  }
  return move(next, { events: [tell(state, 'notifier.gaveUp', id)] })
}

function tried(
  state: NotifierState,
  first: Outgoing,
  end: PostEnd,
  target: Target | undefined,
  now: Instant,
): Decision<NotifierState> {
  const after: Outgoing = { ...first, tries: first.tries + 1 }
  const outcome = outcomeOf(end, after, now)
  switch (outcome.is) {
    case 'delivered':
      return delivered(state, after, end, target, now)
    case 'givenUp':
      return givenUp(state, after, outcome.because, target, now)
    case 'again': {
      const again: Outgoing = { ...after, nextAt: outcome.at, failed: outcome.because }
      const events = first.failed === outcome.because ? [] : [tell(state, 'notifier.failed', first.body.id)]
      return move({ ...unsent(state), queue: [again, ...state.queue.slice(1)] }, { events })
    }
  }
}

/** Nothing is new: whoever forgets is told again what still fires. */
function remind(state: NotifierState, target: Target | undefined, now: Instant): Decision<NotifierState> {
  const at = sayAgainAt(state, target)
  if (at === undefined) return wait('there is nothing to tell')
  return at > now ? wait('what was told is told again', at) : move(sayAgain(state, now))
}

/** One message after the other: each waits until the one before was delivered, or given up. */
function decide(state: NotifierState, seen: NotifierSeen, now: Instant): Decision<NotifierState> {
  const { found, target, page } = seen
  const [first] = state.queue
  if (!first) return remind(state, target, now)
  if (state.sending !== undefined && found === 'running')
    return wait('a message is being sent', now + lookAgainMs)
  if (state.sending !== undefined && typeof found === 'object')
    return tried(state, first, found.ended, target, now)
  if (!target) return move({ ...unsent(state), queue: [], open: [] })
  if (first.nextAt !== undefined && first.nextAt > now)
    return wait(`${first.failed}: it is tried again`, first.nextAt)
  return send(state, first, { target, page })
}

function accept(state: NotifierState, command: NotifierCommand, now: Instant): Decision<NotifierState> {
  if (state.queue.some(({ body }) => body.id === command.body.id)) return wait('it is on its way')
  const queue = enqueue(state, command.body, now)
  if (command.is === 'ping') return move({ ...state, queue })
  if (command.seq <= state.seq) return wait('this was told before')
  return move({ ...state, queue, seq: command.seq })
}

/** A notifier: an outbox that survives everything, emptied in order. Nobody waits for it. */
export const notifier: Machine<NotifierState, NotifierSeen, NotifierCommand> = {
  kind: 'notifier',
  decide,
  accept,
}
