import { judged } from './settled.ts'
import type { LifeSight, LifeState } from './state.ts'
import { type Step, stepsOf } from './steps.ts'

/** What is known from the moment at which it is frozen. One that is live already needs not be brought, unless with other instances. */
function frozenAs(state: LifeState, { lane, deployed, guest }: LifeSight): LifeState {
  const { holder, live } = lane ?? {}
  if (!live || holder?.test !== state.id) return state
  const { guest: wanted, ...rest } = state
  const isBrought = wanted && (state.sized !== undefined || wanted.release !== live.release)
  const brought = guest && 'deployed' in guest ? guest : {}
  const known: LifeState = {
    ...rest,
    live,
    ...(deployed ? { deployed } : {}),
    ...(holder.fence === undefined ? {} : { fence: holder.fence }),
    ...(isBrought ? { guest: { ...wanted, ...brought } } : {}),
  }
  return { ...known, steps: stepsOf(known) }
}

/** What is known from the moment at which it is frozen, and when it is opened to be measured. */
export function learned(state: LifeState, step: Step, seen: LifeSight): LifeState {
  if (step.do === 'freeze') return frozenAs(state, seen)
  if (step.do !== 'open' || state.phase === 'restoring') return state
  const { drift, instances } = seen
  const { doubts, butFor } = judged(state, seen)
  return {
    ...state,
    doubts,
    attempts: instances.map(({ attempt }) => attempt),
    ...(state.guest ? { butFor } : {}),
    ...(drift ? { leader: drift.with } : {}),
  }
}
