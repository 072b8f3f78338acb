import type { Effect } from './effect.ts'
import type { Json } from './json.ts'
import type { Instant } from './time.ts'

/** What happened, as told to everyone else: kept for good, in order. */
export type Happening = { readonly type: string; readonly body: Json }

/** The next step of a story: its new state, what happened and what to do, stored as one. */
export type Move<S> = {
  readonly is: 'move'
  readonly state: S
  readonly events: readonly Happening[]
  readonly effects: readonly Effect[]
  /** True when the story has ended: nobody will drive it again unless it is told something new. */
  readonly ended: boolean
}

/** Nothing to do before `until` (or before something it watches changes); `because` is shown to people. */
export type Wait = { readonly is: 'wait'; readonly until: Instant | undefined; readonly because: string }

export type Decision<S> = Move<S> | Wait

/**
 * A story that survives crashes: a run, a deployment, a fleet. All deciding is pure, so every decision can be
 * printed, tested with a table and continued by whichever process lives.
 * `S`: its state. `O`: what it sees of the world. `C`: what it can be told from outside.
 */
export interface Machine<S, O, C> {
  readonly kind: string
  decide(state: S, seen: O, now: Instant): Decision<S>
  /** Takes a command. Must be idempotent: the same command may arrive twice. */
  accept(state: S, command: C, now: Instant): Decision<S>
}

/** A move with its usual defaults. */
export const move = <S>(state: S, rest: Partial<Omit<Move<S>, 'is' | 'state'>> = {}): Move<S> => ({
  is: 'move',
  state,
  events: [],
  effects: [],
  ended: false,
  ...rest,
})

export const wait = (because: string, until?: Instant): Wait => ({ is: 'wait', until, because })
