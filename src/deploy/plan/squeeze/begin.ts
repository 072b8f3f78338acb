import { type Decision, type Instant, move, type Reason, wait } from '../../../kernel/index.ts'
import { letGoEffect } from './effects.ts'
import { type Asked, processesOf, whyNot } from './guards.ts'
import { instanceFor } from './instance.ts'
import { lookAgainMs } from './looking.ts'
import { enter } from './stages.ts'
import type { SqueezeSight, SqueezeState } from './state.ts'
import { textOf, told } from './telling.ts'

/** Who asked for it looks on; later nobody may. */
const begunWithinMs = 30_000

/** It never began: nothing was changed, and nobody is held up. */
export function refuse(
  state: SqueezeState,
  reasons: readonly Reason[],
  now: Instant,
): Decision<SqueezeState> {
  const over: SqueezeState = {
    ...state,
    ...{ phase: 'ended', standing: 'refused', reasons, text: textOf(reasons), endedAt: now },
  }
  const events = [told(over, 'squeeze.ended', { because: over.text })]
  return move(over, { ended: true, events, effects: [letGoEffect(over)] })
}

const askedFor = ({ id: own, settings: { instance } }: SqueezeState): Asked => ({
  own,
  ...(instance === undefined ? {} : { instance }),
})

const sizeOf = (instances: SqueezeSight['instances'], index: number): Pick<SqueezeState, 'size'> => {
  const size = instances.find((one) => one.index === index)?.size
  return size ? { size } : {}
}

/** It has the environment: the first stage asks no more of the instance than of the others. */
function begin(state: SqueezeState, seen: SqueezeSight, now: Instant): Decision<SqueezeState> {
  const { lane, deployed, instances } = seen
  const reasons = whyNot(seen, askedFor(state))
  if (reasons.length > 0 || !lane?.live || !deployed) return refuse(state, reasons, now)
  const { index } = instanceFor(lane.live, seen, state.settings.instance)
  const known: SqueezeState = {
    ...state,
    ...{ phase: 'squeezing', standing: 'running', startedAt: now },
    ...{ live: lane.live, deployed, processes: processesOf(instances) },
    instance: index,
    ...sizeOf(instances, index),
    ...(lane.holder?.fence === undefined ? {} : { fence: lane.holder.fence }),
  }
  return enter(known, 1 / lane.live.size, seen, now)
}

/** Whether it gets the environment at once: otherwise it is refused. */
export function waiting(state: SqueezeState, seen: SqueezeSight, now: Instant): Decision<SqueezeState> {
  const { lane } = seen
  if (now - state.requestedAt > begunWithinMs)
    return refuse(state, [{ text: 'it could not begin at once' }], now)
  if (lane?.holder?.test === state.id) return begin(state, seen, now)
  const isAsked = lane?.queue.some(({ test }) => test === state.id)
  const reasons = whyNot(seen, askedFor(state))
  if (reasons.length > 0) return refuse(state, reasons, now)
  return wait(isAsked ? 'waits for its turn' : 'asks for the environment', now + lookAgainMs)
}
