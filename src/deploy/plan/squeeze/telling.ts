import type { Happening, Json, Reason } from '../../../kernel/index.ts'
import { tell } from '../lane-state.ts'
import type { SqueezeState } from './state.ts'

/** Something that happened to a squeeze. */
export const told = (state: SqueezeState, type: string, more: { readonly [key: string]: Json }): Happening =>
  tell(state, type, { squeeze: state.id, standing: state.standing, ...more })

export const textOf = (reasons: readonly Reason[]): string => reasons.map(({ text }) => text).join('; ')
