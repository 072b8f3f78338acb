import { type Decision, type Instant, move, wait } from '../../../kernel/index.ts'
import { percentText } from '../judge/wording.ts'
import { renewEveryMs, revisionOf, squeezeEffect } from './effects.ts'
import { clockJumped, whyStop } from './guards.ts'
import { lookAgainMs, lookMs, lookOn, settleMsOf } from './looking.ts'
import { giveBack } from './restoring.ts'
import { shareFor, sharesOf } from './shares.ts'
import type { SqueezeSight, SqueezeState, StageDone, StageNow } from './state.ts'
import { told } from './telling.ts'

/** Within this the gateway has a table, or something is wrong with it. */
const takenWithinMs = 10_000

/** A stage begins: with a table of its own, and counts of its own. */
export function enter(
  state: SqueezeState,
  share: number,
  seen: SqueezeSight,
  now: Instant,
): Decision<SqueezeState> {
  const { latencySince: since } = seen.traffic
  const stage: StageNow = {
    ...{ share, startedAt: now, owner: seen.owner, renewedAt: now },
    ...(since === undefined ? {} : { since }),
    text: `${percentText(share)} of the requests for instance ${state.instance}`,
  }
  const next: SqueezeState = { ...state, table: state.table + 1, stage, text: stage.text }
  return move(next, {
    events: [told(next, 'squeeze.stage', { share })],
    effects: [squeezeEffect(next, now)],
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

/** Whether the stage goes on, has passed, or is the last one. */
export function squeezing(state: SqueezeState, seen: SqueezeSight, now: Instant): Decision<SqueezeState> {
  const { stage } = state
  const stop = whyStop(state, seen, now)
  if (stop || !stage) return giveBack(state, stop ? [stop] : [], now)
  const not = untaken(state, stage, seen)
  const isNew = stage.from === undefined
  if (not !== undefined && (!isNew || now - stage.startedAt > takenWithinMs))
    return giveBack(state, [{ text: not }], now)
  if (not !== undefined) return wait(not, now + lookAgainMs)
  const jumped = clockJumped(stage, now)
  if (jumped !== undefined) return giveBack(state, [{ text: jumped }], now)
  const due = stage.at ? stage.at.at + lookMs : stage.startedAt + settleMsOf(state.settings)
  if (now < due) return wait(stage.text, due)
  const looked = lookOn(state, stage, seen, now)
  if (!looked) return wait('nothing is counted yet', now + lookAgainMs)
  if (looked.is === 'over') return afterStage(state, looked.done, seen, now)
  if (looked.is === 'untold') return giveBack(state, [{ text: looked.because }], now)
  return renewed(state, looked.stage, now)
}
