import type { Effect, Fence, Machine, Ref } from '../kernel/index.ts'

/** A machine together with the way to see what it decides by. */
export type Story<S, O, C> = {
  readonly machine: Machine<S, O, C>
  /** Looks at the world for one decision. May be asked again at any time; changes nothing. */
  see(state: S, of: Ref): Promise<O>
}

// The runner drives stories of any kind: what it stores and hands back to each is that story's own state.
// biome-ignore lint/suspicious/noExplicitAny: one list holds machines of different states
export type AnyStory = Story<any, any, any>

/** Does one kind of effect. Idempotent by the effect's key; a throw means "try again later". */
export type Doer = (effect: Effect, by: { readonly of: Ref; readonly fence: Fence }) => Promise<void>

/** What could not be done, again and again: shown, never swallowed. */
export type Trouble = {
  readonly of: Ref
  readonly what: string
  readonly error: unknown
  readonly times: number
}
