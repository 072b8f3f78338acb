import { type Effect, type Found, formatDuration, type Instant, type Key } from '../../kernel/index.ts'
import type { WorkState } from './state.ts'
import { type Turn, turn } from './turn.ts'
import type { WorkEnd, WorkSpec } from './work.ts'

/** Work is done by the server itself; whatever takes longer than this is stuck. */
const workLimitMs = 15 * 60_000
/** Work that was begun so often and never ended takes the server down with it. */
const attemptsLimit = 5
const firstPauseMs = 1_000

/** Asks for work: what to remember of it, and the effect. */
export const ask = (
  spec: WorkSpec,
  key: Key,
  attempt: number,
  now: Instant,
): { readonly work: WorkState; readonly effect: Effect } => ({
  work: { key, attempt, askedAt: now },
  effect: { kind: 'work.start', key, spec },
})

/** The effect that ends work early. */
export const dropWork = (work: WorkState): Effect => ({
  kind: 'work.cancel',
  key: `${work.key}/cancel`,
  spec: { key: work.key },
})

/** When work must be looked at again though nothing was heard of it. */
export const workDue = (work: WorkState, found: Found<WorkEnd>): Instant =>
  found === 'running' ? work.askedAt + workLimitMs : work.askedAt + firstPauseMs * work.attempt

/**
 * Goes on when work has ended; asks again, with a pause that grows, when the server that did it is gone.
 * Undefined: nothing new.
 */
export function followWork<S>(
  state: S,
  work: WorkState,
  found: Found<WorkEnd>,
  now: Instant,
  then: { again(attempt: number): Turn<S>; ended(end: WorkEnd): Turn<S> },
): Turn<S> {
  if (typeof found === 'object') return then.ended(found.ended)
  if (now < workDue(work, found)) return turn(state)
  if (found !== 'running' && work.attempt < attemptsLimit) return then.again(work.attempt + 1)
  const because =
    found === 'running'
      ? `took longer than ${formatDuration(workLimitMs)}`
      : `was begun ${attemptsLimit} times and never ended`
  const after = then.ended({ is: 'failed', because })
  return { ...after, effects: [dropWork(work), ...after.effects] }
}
