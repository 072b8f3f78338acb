import { type Decision, type Instant, move, type Reason, wait } from '../../kernel/index.ts'
import { planFrom, putIn } from './canary.ts'
import type { CounterSettings } from './counters/index.ts'
import { type Judgement, judgement } from './judge/index.ts'
import { noTally } from './ledger.ts'
import { enter, event } from './moves.ts'
import { undo } from './no-way-back.ts'
import type { CanarySettings } from './order.ts'
import { crashesIn } from './settled.ts'
import type { Stage } from './stage.ts'
import { type DeploymentSight, type DeploymentState, newFleetOf } from './state.ts'
import { beginWatch, lookMs, type Sides, watchOn } from './watch.ts'

function canaryOf({ settings: { strategy } }: DeploymentState): CanarySettings {
  if (strategy.is !== 'canary') throw new Error(`a ${strategy.is} deployment has nothing to judge`)
  return strategy
}

/** Plans the stages by what the live version answered while the new one was started, and enters the first of them. */
export function planOn(state: DeploymentState, now: Instant): Decision<DeploymentState> {
  const canary = canaryOf(state)
  const { answered, lost, errors } = state.ledger.total[state.from?.fleet ?? ''] ?? noTally
  const plan = planFrom(canary, {
    seconds: (now - (state.ledger.since ?? now)) / 1_000,
    requests: answered + lost,
    failures: errors + lost,
  })
  const stages = putIn(state.stages, state.at, plan, state.from?.size ?? 0, state.settings.instances)
  return enter({ ...state, plan, stages }, state.at + 1, now)
}

const sidesOf = (state: DeploymentState): Sides => ({
  canary: newFleetOf(state),
  live: state.from?.fleet ?? '',
  split: canaryOf(state).split,
})

const reasonsOf = ({ reasons, sentence }: Judgement): readonly [Reason, ...Reason[]] => {
  const [first, ...more] = reasons
  return first ? [first, ...more] : [{ text: sentence }]
}

/** The judge cannot tell: back it goes, or a person is asked. */
function untold(state: DeploymentState, found: Judgement, now: Instant): Decision<DeploymentState> {
  const because = { text: `the new release ${found.sentence}` }
  if (canaryOf(state).inconclusive === 'rollback')
    return undo({ ...state, undoneAs: 'inconclusive' }, [because], now)
  const held: DeploymentState = { ...state, heldSince: now }
  return move(held, { events: [event(held, 'deployment.held', { because: because.text })] })
}

/** A look after a pause holds the evidence of many: nothing goes on before there is another. */
const isFresh = ({ watch }: DeploymentState, now: Instant): boolean =>
  watch !== undefined && now - watch.judge.at <= 3 * lookMs

/** A stage lasts as long as it was planned to, also for one that has passed before: another share may show more. */
const isOver = (state: DeploymentState, { judge }: Stage, found: Judgement, now: Instant): boolean =>
  now - (state.rail.at(-1)?.startedAt ?? now) >= (judge?.leastMs ?? 0) &&
  (found.is === 'pass' || judge?.mustPass === false)

/** All are there, and none has crashed since it was steady last: what crashes again and again is found by waiting. */
const isWhole = ({ settings }: DeploymentState, { to }: DeploymentSight): boolean =>
  to.instances.filter(({ phase, crashes }) => phase === 'ready' && crashes === 0).length >= settings.instances

const isCrashing = ({ to }: DeploymentSight): boolean => to.instances.some(({ crashes }) => crashes > 0)

function follow(
  state: DeploymentState,
  stage: Stage,
  found: Judgement,
  seen: DeploymentSight,
  now: Instant,
): Decision<DeploymentState> {
  if (found.is === 'fail') return undo(state, [...reasonsOf(found), ...crashesIn(seen)], now)
  // While its instances are down the live version gets their share: what ends them says more than the split.
  if (found.is === 'inconclusive') return isCrashing(seen) ? move(state) : untold(state, found, now)
  if (isOver(state, stage, found, now) && isWhole(state, seen)) return enter(state, state.at + 1, now)
  return move(state)
}

/** Whether the judge wants to look: once a second, and at once where the share is another. */
export function isLookDue(
  { watch, heldSince }: DeploymentState,
  { share = 0 }: Stage,
  now: Instant,
): boolean {
  if (heldSince !== undefined) return false
  return !watch || watch.share !== share || now >= watch.judge.at + lookMs
}

/** The counters that a stage wants to know now; undefined when it wants none. */
export function countersDue(state: DeploymentState, now: Instant): readonly CounterSettings[] | undefined {
  const stage = state.stages[state.at]
  const wants = state.phase === 'moving' && stage?.do === 'judge' && isLookDue(state, stage, now)
  return wants ? (canaryOf(state).counters ?? []) : undefined
}

/** One look of the judge: reads on in the gateway's ledger, and does as he says. */
export function judgeOn(
  state: DeploymentState,
  stage: Stage,
  sight: DeploymentSight,
  now: Instant,
): Decision<DeploymentState> {
  const { traffic } = sight
  const share = stage.share ?? 0
  const { watch } = state
  if (state.heldSince !== undefined)
    return wait('the judge could not tell: it is held until a person lets it go on, or rolls back')
  if (!traffic.reachable) return wait('the gateway does not answer', now + lookMs)
  if (!isLookDue(state, stage, now))
    return wait(state.judgement?.sentence ?? 'watching', (watch?.judge.at ?? now) + lookMs)
  const canary = canaryOf(state)
  const scrapes = sight.scrapes ?? (canary.counters?.length ? undefined : [])
  if (!scrapes) return wait('the instances are asked for their counters', now)
  const look = { traffic, scrapes, share, now }
  if (!watch) return move({ ...state, watch: beginWatch(canary, sidesOf(state), look) })
  const seen = watchOn(watch, canary, sidesOf(state), look)
  const found = judgement(seen.judge, now)
  const looked = { ...state, watch: seen, judgement: found }
  return isFresh(state, now) || found.is === 'fail' ? follow(looked, stage, found, sight, now) : move(looked)
}
