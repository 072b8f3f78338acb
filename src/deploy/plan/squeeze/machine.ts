import { type Decision, type Instant, type Machine, wait } from '../../../kernel/index.ts'
import { refuse, waiting } from './begin.ts'
import { holdEffect } from './effects.ts'
import { giveBack, restoring } from './restoring.ts'
import { squeezing } from './stages.ts'
import type { SqueezeCommand, SqueezeSight, SqueezeState } from './state.ts'

function decide(state: SqueezeState, seen: SqueezeSight, now: Instant): Decision<SqueezeState> {
  switch (state.phase) {
    case 'waiting':
      return waiting(state, seen, now)
    case 'squeezing':
      return squeezing(state, seen, now)
    case 'restoring':
      return restoring(state, seen, now)
    case 'ended':
      return wait('it has ended')
  }
}

const whyTold = (command: SqueezeCommand): string =>
  command.is === 'leave' ? 'the server was stopped' : `stopped by ${command.actor}: ${command.reason}`

function accept(state: SqueezeState, command: SqueezeCommand, now: Instant): Decision<SqueezeState> {
  const why = [{ text: whyTold(command) }]
  if (state.phase === 'waiting') return refuse(state, why, now)
  return state.phase === 'squeezing' ? giveBack(state, why, now) : wait('it is over, or being given back')
}

/** One instance is asked more and more, and never longer than somebody looks on; it always ends with an even split. */
export const squeezeMachine: Machine<SqueezeState, SqueezeSight, SqueezeCommand> = {
  kind: 'squeeze',
  decide,
  accept,
}

type Asked = Pick<
  SqueezeState,
  'id' | 'number' | 'service' | 'environment' | 'name' | 'actor' | 'reason' | 'settings' | 'requestedAt'
>

/** One on its first day, and what it wants first. */
export function newSqueeze(asked: Asked) {
  const state: SqueezeState = {
    ...asked,
    ...{
      phase: 'waiting',
      standing: 'waiting',
      text: 'asks for the environment',
      reasons: [],
      stages: [],
      table: 0,
    },
  }
  return { state, effects: [holdEffect(state)] }
}
