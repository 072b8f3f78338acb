import { canonicalJson, type Instant, type Json, type Machine, move, wait } from '../../../kernel/index.ts'
import { emptyLedger } from '../ledger.ts'
import { close, keepEffect } from './closing.ts'
import { downKey } from './commands.ts'
import { live } from './life.ts'
import { beginClosing, effectOf, newestOf, type SpikeDecision, tellSpike } from './moves.ts'
import {
  type SpikeAnswer,
  type SpikeCommand,
  type SpikeSight,
  type SpikeState,
  spikeId,
  spikeName,
} from './state.ts'

type First = Pick<
  SpikeState,
  'number' | 'service' | 'owner' | 'question' | 'settings' | 'lifeMs' | 'requestedAt' | 'changes'
>

export const newSpike = (first: First): SpikeState => ({
  ...first,
  id: spikeId(first.service, first.number),
  environment: spikeName(first.number),
  phase: 'starting',
  ledger: emptyLedger,
  answers: [],
  reasons: [],
})

const isOver = ({ phase }: SpikeState): boolean => phase === 'closing' || phase === 'closed'

/** A newer change takes the place of one that is still being built. */
function update(
  state: SpikeState,
  { change, lifeMs }: Extract<SpikeCommand, { is: 'update' }>,
  now: Instant,
): SpikeDecision {
  if (isOver(state) || state.changes.some(({ run }) => run === change.run))
    return wait('it is over, or known')
  const before = newestOf(state)
  const pending = before && ['building', 'built', 'deploying'].includes(before.standing)
  const changes = state.changes.map((one) =>
    one === before && pending ? { ...one, standing: 'replaced' as const } : one,
  )
  const longer =
    lifeMs === undefined ? {} : { lifeMs, ...(state.until === undefined ? {} : { until: now + lifeMs }) }
  const next: SpikeState = { ...state, ...longer, changes: [...changes, { ...change, standing: 'building' }] }
  const cancels =
    before?.standing === 'building' ? [effectOf(next, 'drop', { run: before.run }, before.run)] : []
  return move(next, { events: [tellSpike(next, 'spike.updated', { run: change.run })], effects: cancels })
}

function extend(
  state: SpikeState,
  { lifeMs, by }: Extract<SpikeCommand, { is: 'extend' }>,
  now: Instant,
): SpikeDecision {
  if (isOver(state)) return wait('it is over')
  const until = state.until === undefined ? undefined : now + lifeMs
  const next: SpikeState = { ...state, lifeMs, ...(until === undefined ? {} : { until }) }
  return move(next, {
    events: [tellSpike(next, 'spike.extended', { by, ...(until === undefined ? {} : { until }) })],
  })
}

const isSame = (a: Omit<SpikeAnswer, 'at'>, b: Omit<SpikeAnswer, 'at'> | undefined): boolean =>
  b !== undefined &&
  canonicalJson([a.text, a.by, a.reports] as Json) === canonicalJson([b.text, b.by, b.reports] as Json)

/** An answer may also come later: it is kept with the record all the same. */
function takeAnswer(
  state: SpikeState,
  { answer }: Extract<SpikeCommand, { is: 'close' }>,
  now: Instant,
): SpikeDecision {
  const says = answer.text !== undefined || answer.reports.length > 0
  const isNew = says && !isSame(answer, state.answers.at(-1))
  const next = isNew ? { ...state, answers: [...state.answers, { ...answer, at: now }] } : state
  if (!isOver(state)) return beginClosing(next, { why: 'closed', by: answer.by }, now)
  if (!isNew) return wait('it is over')
  const ended = state.phase === 'closed'
  return move(next, {
    ended,
    events: [tellSpike(next, 'spike.answered', { by: answer.by })],
    effects: ended ? keepEffect(next) : [],
  })
}

function leave(state: SpikeState, by: string): SpikeDecision {
  const { down } = state
  if (state.phase !== 'closing' || !down || down.standing === 'gone' || down.standing === 'left')
    return wait('there is nothing to leave behind')
  const key = downKey(state, down.attempt)
  const cancel = { kind: 'command.cancel', key: `${key}/cancel`, spec: { key, graceMs: 10_000 } }
  const next: SpikeState = { ...state, down: { ...down, standing: 'left', by } }
  return move(next, {
    events: [tellSpike(next, 'spike.leftBehind', { by, because: down.because ?? 'it goes on' })],
    effects: down.standing === 'running' ? [cancel] : [],
  })
}

function accept(state: SpikeState, command: SpikeCommand, now: Instant): SpikeDecision {
  switch (command.is) {
    case 'update':
      return update(state, command, now)
    case 'extend':
      return extend(state, command, now)
    case 'close':
      return takeAnswer(state, command, now)
    case 'leave':
      return leave(state, command.by)
  }
}

function decide(state: SpikeState, seen: SpikeSight, now: Instant): SpikeDecision {
  if (state.phase === 'closed') return wait('it is over')
  return state.phase === 'closing' ? close(state, seen, now) : live(state, seen, now)
}

/** An environment for one question: made for a change, open for a while, and always taken away. */
export const spikeMachine: Machine<SpikeState, SpikeSight, SpikeCommand> = { kind: 'spike', decide, accept }
