import type { Effect, Happening } from '../../kernel/index.ts'

/** Part of a move: what becomes of a state, what to do and what to tell. The same state means: nothing to do. */
export type Turn<S> = {
  readonly state: S
  readonly effects: readonly Effect[]
  readonly events: readonly Happening[]
}

export const stay = <S>(state: S): Turn<S> => ({ state, effects: [], events: [] })

export const turn = <S>(state: S, rest: Partial<Omit<Turn<S>, 'state'>> = {}): Turn<S> => ({
  ...stay(state),
  ...rest,
})

/** One thing after the other. */
export function follow<S>(first: Turn<S>, next: (state: S) => Turn<S>): Turn<S> {
  const second = next(first.state)
  return {
    state: second.state,
    effects: [...first.effects, ...second.effects],
    events: [...first.events, ...second.events],
  }
}
