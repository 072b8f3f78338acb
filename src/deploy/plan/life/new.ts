import type { LifeState } from './state.ts'
import { stepsOf } from './steps.ts'

/** One on its first day. */
export const newLife = (
  asked: Pick<
    LifeState,
    | 'id'
    | 'number'
    | 'service'
    | 'environment'
    | 'cause'
    | 'actor'
    | 'reason'
    | 'wanted'
    | 'change'
    | 'guest'
    | 'sized'
    | 'settings'
    | 'requestedAt'
  >,
): LifeState => ({
  ...asked,
  phase: 'waiting',
  standing: 'waiting',
  steps: stepsOf(asked),
  at: 0,
  rail: [],
  tries: 0,
  reasons: [],
  text: asked.change ? 'its pipeline goes on' : 'waits for its turn',
})

export const lifeId = (service: string, environment: string, number: number): string =>
  `${service}.${environment}.test-${number}`
