import {
  type Decision,
  type Effect,
  type Happening,
  type Instant,
  type Json,
  type Machine,
  move,
  type Reason,
  wait,
} from '../../../kernel/index.ts'
import {
  type CompareCommand,
  type CompareEnd,
  type CompareSeen,
  type CompareSettings,
  type CompareStanding,
  type CompareStart,
  type CompareState,
  compareKey,
} from './state.ts'

const lookAgainMs = 500
/** What ran it may be lost once, with a machine's restart; a second time something is wrong with it. */
const mostTries = 2
const graceMs = 20_000

const tell = (state: CompareState, type: string): Happening => ({
  type,
  body: {
    service: state.service,
    environment: state.environment,
    comparison: state.id,
    release: state.release,
    standing: state.standing,
  },
})

function startEffect(
  { id, release, against, names }: CompareState,
  settings: CompareSettings,
  attempt: number,
): Effect {
  const spec: CompareStart = { id, release, against, names, settings }
  return { kind: 'comparison.start', key: compareKey(id, attempt), spec: spec as unknown as Json }
}

function start(state: CompareState, now: Instant): Decision<CompareState> {
  if (state.how.is === 'impossible') return inconclusive(state, state.how.reasons, now)
  const tries = state.tries + 1
  const next: CompareState = {
    ...state,
    phase: 'running',
    standing: 'running',
    tries,
    startedAt: state.startedAt ?? now,
    text: `is being compared with ${state.names.base}`,
  }
  return move(next, {
    events: [tell(next, 'comparison.started')],
    effects: [startEffect(state, state.how.settings, tries)],
  })
}

function end(
  state: CompareState,
  how: Pick<CompareState, 'standing' | 'text' | 'reasons'>,
  now: Instant,
): Decision<CompareState> {
  const ended: CompareState = { ...state, ...how, phase: 'ended', endedAt: now }
  return move(ended, {
    ended: true,
    events: [tell(ended, 'comparison.ended')],
    effects: [{ kind: 'comparison.tidy', key: `comparison/${state.id}/tidy`, spec: { id: state.id } }],
  })
}

const inconclusive = (state: CompareState, reasons: readonly Reason[], now: Instant) =>
  end(
    state,
    {
      standing: 'inconclusive',
      text: `could not be compared with ${state.names.base}: ${reasons.map(({ text }) => text).join('; ')}`,
      reasons,
    },
    now,
  )

function cancelled(state: CompareState, actor: string, now: Instant): Decision<CompareState> {
  const text = `cancelled by ${actor}`
  const reasons = [{ text: `its comparison with ${state.names.base} was ${text}` }]
  return end(state, { standing: 'cancelled', text, reasons }, now)
}

const standings = { pass: 'passed', fail: 'failed', inconclusive: 'inconclusive' } as const

/** What was found is put with the release's evidence before anybody is told that it has ended. */
function keep(
  state: CompareState,
  found: Exclude<CompareEnd, { is: 'interrupted' }>,
  now: Instant,
): Decision<CompareState> {
  if (found.is === 'failed') return inconclusive(state, found.reasons, now)
  const { evidence } = found
  const standing: CompareStanding = standings[evidence.verdict]
  const next: CompareState = {
    ...state,
    phase: 'keeping',
    standing,
    text: evidence.text,
    reasons: evidence.reasons.map(({ text, numbers, next: todo }) => ({
      text,
      ...(numbers ? { numbers } : {}),
      ...(todo === undefined ? {} : { next: todo }),
    })),
  }
  const draft = {
    kind: 'loadLine',
    at: now,
    about: { release: state.release, environment: state.environment, against: state.against },
    body: { is: 'compared', comparison: state.id, ...evidence },
  }
  return move(next, {
    effects: [{ kind: 'evidence.keep', key: `comparison/${state.id}/keep`, spec: draft as unknown as Json }],
  })
}

function running(state: CompareState, { found }: CompareSeen, now: Instant): Decision<CompareState> {
  if (found === 'running' || found === 'absent') return wait('it goes on', now + lookAgainMs)
  if (state.cancelledBy !== undefined) return cancelled(state, state.cancelledBy, now)
  if (found !== 'lost' && found.ended.is !== 'interrupted') return keep(state, found.ended, now)
  if (state.tries < mostTries) return start(state, now)
  return inconclusive(state, [{ text: `what measured it was lost ${state.tries} times` }], now)
}

function keeping(state: CompareState, { kept }: CompareSeen, now: Instant): Decision<CompareState> {
  if (!kept) return wait('what it found is being kept', now + lookAgainMs)
  const { standing, text, reasons } = state
  return end({ ...state, evidence: kept }, { standing, text, reasons }, now)
}

function decide(state: CompareState, seen: CompareSeen, now: Instant): Decision<CompareState> {
  switch (state.phase) {
    case 'waiting':
      return seen.ahead === undefined ? start(state, now) : wait(`after ${seen.ahead}`, now + lookAgainMs)
    case 'running':
      return running(state, seen, now)
    case 'keeping':
      return keeping(state, seen, now)
    case 'ended':
      return wait('it has ended')
  }
}

function accept(state: CompareState, { actor }: CompareCommand, now: Instant): Decision<CompareState> {
  if (state.phase === 'waiting') return cancelled(state, actor, now)
  if (state.phase !== 'running' || state.cancelledBy !== undefined) return wait('it is over')
  return move(
    { ...state, cancelledBy: actor },
    {
      effects: [
        {
          kind: 'comparison.cancel',
          key: `comparison/${state.id}/cancel`,
          spec: { key: compareKey(state.id, state.tries), graceMs },
        },
      ],
    },
  )
}

/** A comparison of two releases under load: one at a time on a machine, kept as evidence, found again after a crash. */
export const compareMachine: Machine<CompareState, CompareSeen, CompareCommand> = {
  kind: 'comparison',
  decide,
  accept,
}
