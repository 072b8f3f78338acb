import {
  type Decision,
  type Happening,
  type Instant,
  type Json,
  type Machine,
  move,
  type Reason,
  wait,
} from '../../../kernel/index.ts'
import { percentText } from '../judge/wording.ts'
import {
  endEffects,
  evenEffect,
  holdEffect,
  letGoEffect,
  renewEveryMs,
  revisionOf,
  squeezeEffect,
} from './effects.ts'
import { foundIn, foundText } from './found.ts'
import { processesOf, whyNot, whyStop } from './guards.ts'
import { lookMs, lookOn, settleMsOf } from './looking.ts'
import { shareFor, sharesOf } from './shares.ts'
import type { SqueezeCommand, SqueezeSight, SqueezeState, StageDone, StageNow } from './state.ts'

const lookAgainMs = 250
/** Who asked for it looks on; later nobody may. */
const begunWithinMs = 30_000
/** Within this the gateway has a table, or something is wrong with it. */
const takenWithinMs = 10_000
/** A gateway that cannot be told splits evenly by itself by then. */
const toldAgainMs = 5_000
const restoredWithinMs = 60_000

const tell = (state: SqueezeState, type: string, more: { readonly [key: string]: Json } = {}): Happening => ({
  type,
  body: {
    service: state.service,
    environment: state.environment,
    squeeze: state.id,
    standing: state.standing,
    ...more,
  },
})

const textOf = (reasons: readonly Reason[]): string => reasons.map(({ text }) => text).join('; ')

/** It never began: nothing was changed, and nobody is held up. */
function refuse(state: SqueezeState, reasons: readonly Reason[], now: Instant): Decision<SqueezeState> {
  const over: SqueezeState = {
    ...state,
    ...{ phase: 'ended', standing: 'refused', reasons, text: textOf(reasons), endedAt: now },
  }
  const events = [tell(over, 'squeeze.ended', { because: over.text })]
  return move(over, { ended: true, events, effects: [letGoEffect(over)] })
}

function enter(state: SqueezeState, share: number, seen: SqueezeSight, now: Instant): Decision<SqueezeState> {
  const { latencySince: since } = seen.traffic
  const stage: StageNow = {
    ...{ share, startedAt: now, owner: seen.owner, renewedAt: now },
    ...(since === undefined ? {} : { since }),
    text: `${percentText(share)} of the requests for one instance`,
  }
  const next: SqueezeState = { ...state, table: state.table + 1, stage, text: stage.text }
  return move(next, {
    events: [tell(next, 'squeeze.stage', { share })],
    effects: [squeezeEffect(next, now)],
  })
}

const sizeOf = (instances: SqueezeSight['instances'], index: number): Pick<SqueezeState, 'size'> => {
  const size = instances.find((one) => one.index === index)?.size
  return size ? { size } : {}
}

/** It has the environment: the first stage asks no more of the instance than of the others. */
function begin(state: SqueezeState, seen: SqueezeSight, now: Instant): Decision<SqueezeState> {
  const { lane, deployed, instances } = seen
  const reasons = whyNot(seen, state.id)
  if (reasons.length > 0 || !lane?.live || !deployed) return refuse(state, reasons, now)
  const known: SqueezeState = {
    ...state,
    ...{ phase: 'squeezing', standing: 'running', startedAt: now },
    ...{ live: lane.live, deployed, processes: processesOf(instances) },
    // The first is the one that stays longest, however many there are.
    instance: 0,
    ...sizeOf(instances, 0),
    ...(lane.holder?.fence === undefined ? {} : { fence: lane.holder.fence }),
  }
  return enter(known, 1 / lane.live.size, seen, now)
}

function waiting(state: SqueezeState, seen: SqueezeSight, now: Instant): Decision<SqueezeState> {
  const { lane } = seen
  if (now - state.requestedAt > begunWithinMs)
    return refuse(state, [{ text: 'it could not begin at once' }], now)
  if (lane?.holder?.test === state.id) return begin(state, seen, now)
  const isAsked = lane?.queue.some(({ test }) => test === state.id)
  const reasons = whyNot(seen, state.id)
  if (reasons.length > 0) return refuse(state, reasons, now)
  return wait(isAsked ? 'waits for its turn' : 'asks for the environment', now + lookAgainMs)
}

/** Back to even, whatever has happened. */
function giveBack(state: SqueezeState, reasons: readonly Reason[], now: Instant): Decision<SqueezeState> {
  const { stage: _, ...rest } = state
  const next: SqueezeState = {
    ...rest,
    ...{ phase: 'restoring', reasons, table: state.table + 1, text: 'splits requests evenly again' },
    restore: { startedAt: now, toldAt: now },
  }
  return move(next, {
    events: [tell(next, 'squeeze.restoring', { because: textOf(reasons) })],
    effects: [evenEffect(next, now)],
  })
}

/** The share of the next stage, and why there is none. */
function nextShare(
  state: SqueezeState,
  done: StageDone,
): { readonly share: number } | { readonly because: string } {
  const { settings, live } = state
  const { toPerSecond } = settings
  if (toPerSecond !== undefined && done.ratePerSecond >= toPerSecond * 0.98)
    return { because: 'it has carried as much as somebody wanted to know' }
  const size = live?.size ?? 1
  const all = done.ratePerSecond + done.othersPerSecond * (size - 1)
  const share = sharesOf(settings, size).find((one) => one > done.share + 1e-9)
  if (share === undefined)
    return { because: `no instance may get more than ${percentText(settings.maxShare)}` }
  const bounded = shareFor(share, toPerSecond, all)
  return bounded > done.share
    ? { share: bounded }
    : { because: 'it has carried as much as somebody wanted to know' }
}

function afterStage(
  state: SqueezeState,
  done: StageDone,
  seen: SqueezeSight,
  now: Instant,
): Decision<SqueezeState> {
  const next: SqueezeState = { ...state, stages: [...state.stages, done] }
  if (done.is === 'failed')
    return giveBack(next, [{ text: `with ${percentText(done.share)} of the requests: ${done.text}` }], now)
  const more = nextShare(next, done)
  return 'because' in more
    ? giveBack(next, [{ text: more.because }], now)
    : enter(next, more.share, seen, now)
}

/** The table holds only as long as this is said again and again. */
function renewed(state: SqueezeState, stage: StageNow, now: Instant): Decision<SqueezeState> {
  if (now - stage.renewedAt < renewEveryMs) return move({ ...state, stage, text: stage.text })
  const next = { ...state, stage: { ...stage, renewedAt: now }, text: stage.text }
  return move(next, { effects: [squeezeEffect(next, now)] })
}

/** Whether the gateway does as it was told; undefined when it does. */
function untaken(state: SqueezeState, stage: StageNow, { traffic }: SqueezeSight): string | undefined {
  const { squeeze } = traffic
  if (squeeze?.revision !== revisionOf(state)) return 'the gateway has not taken the new weights yet'
  return squeeze.inForce && Math.abs(squeeze.share - stage.share) < 1e-9
    ? undefined
    : 'the gateway splits evenly: it was not told for too long'
}

function squeezing(state: SqueezeState, seen: SqueezeSight, now: Instant): Decision<SqueezeState> {
  const { stage } = state
  const stop = whyStop(state, seen, now)
  if (stop || !stage) return giveBack(state, stop ? [stop] : [], now)
  const not = untaken(state, stage, seen)
  const isNew = stage.from === undefined
  if (not !== undefined && (!isNew || now - stage.startedAt > takenWithinMs))
    return giveBack(state, [{ text: not }], now)
  if (not !== undefined) return wait(not, now + lookAgainMs)
  const due = stage.at ? stage.at.at + lookMs : stage.startedAt + settleMsOf(state.settings)
  if (now < due) return wait(stage.text, due)
  const looked = lookOn(state, stage, seen, now)
  if (!looked) return wait('nothing is counted yet', now + lookAgainMs)
  if (looked.is === 'over') return afterStage(state, looked.done, seen, now)
  if (looked.is === 'untold') return giveBack(state, [{ text: looked.because }], now)
  return renewed(state, looked.stage, now)
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
    events: [tell(over, 'squeeze.ended', { because: over.text })],
    effects: endEffects(over),
  })
}

/** Nobody else gets the environment before its gateway splits evenly: it does by itself soon when it cannot be told. */
function restoring(state: SqueezeState, { traffic }: SqueezeSight, now: Instant): Decision<SqueezeState> {
  const { startedAt = now, toldAt = now } = state.restore ?? {}
  const isEven =
    traffic.reachable && traffic.revision >= revisionOf(state) && traffic.squeeze?.inForce !== true
  if (isEven || now - startedAt >= restoredWithinMs) return end(state, now)
  if (now - toldAt < toldAgainMs) return wait('splits requests evenly again', now + lookAgainMs)
  const next = { ...state, restore: { startedAt, toldAt: now } }
  return move(next, { effects: [evenEffect(next, now)] })
}

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

function accept(
  state: SqueezeState,
  { actor, reason }: SqueezeCommand,
  now: Instant,
): Decision<SqueezeState> {
  const why = [{ text: `stopped by ${actor}: ${reason}` }]
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
