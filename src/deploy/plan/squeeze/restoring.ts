import { type Decision, type Instant, move, type Reason, wait } from '../../../kernel/index.ts'
import { endEffects, evenEffect, revisionOf } from './effects.ts'
import { foundIn, foundText } from './found.ts'
import { lookAgainMs } from './looking.ts'
import type { SqueezeSight, SqueezeState } from './state.ts'
import { textOf, told } from './telling.ts'

/** A gateway that cannot be told splits evenly by itself by then. */
const toldAgainMs = 5_000
const restoredWithinMs = 60_000

/** Back to even, whatever has happened. */
export function giveBack(
  state: SqueezeState,
  reasons: readonly Reason[],
  now: Instant,
): Decision<SqueezeState> {
  const { stage: _, ...rest } = state
  const next: SqueezeState = {
    ...rest,
    ...{ phase: 'restoring', reasons, table: state.table + 1, text: 'splits requests evenly again' },
    restore: { startedAt: now, toldAt: now },
  }
  return move(next, {
    events: [told(next, 'squeeze.restoring', { because: textOf(reasons) })],
    effects: [evenEffect(next, now)],
  })
}

function end(state: SqueezeState, now: Instant): Decision<SqueezeState> {
  const found = foundIn(state.stages)
  const over: SqueezeState = {
    ...state,
    ...{ phase: 'ended', standing: found ? 'passed' : 'inconclusive', endedAt: now },
    text: `${foundText(found)}: ${textOf(state.reasons)}`,
    ...(found ? { found } : {}),
  }
  return move(over, {
    ended: true,
    events: [told(over, 'squeeze.ended', { because: over.text })],
    effects: endEffects(over),
  })
}

/** Nobody else gets the environment before its gateway splits evenly: it does by itself soon when it cannot be told. */
export function restoring(
  state: SqueezeState,
  { traffic }: SqueezeSight,
  now: Instant,
): Decision<SqueezeState> {
  const { startedAt = now, toldAt = now } = state.restore ?? {}
  const isEven =
    traffic.reachable && traffic.revision >= revisionOf(state) && traffic.squeeze?.inForce !== true
  if (isEven || now - startedAt >= restoredWithinMs) return end(state, now)
  const putBack = now < toldAt
  if (!putBack && now - toldAt < toldAgainMs) return wait('splits requests evenly again', now + lookAgainMs)
  const next = { ...state, restore: { startedAt: putBack ? now : startedAt, toldAt: now } }
  return move(next, { effects: [evenEffect(next, now)] })
}
