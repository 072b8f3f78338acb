import {
  type Decision,
  type EvidenceDraft,
  formatDuration,
  type Happening,
  type Instant,
  type Json,
  type Machine,
  move,
  wait,
} from '../../../kernel/index.ts'
import { answerOf } from './answer.ts'
import {
  type CheckAnswer,
  type CheckSeen,
  type CheckState,
  checkGraceMs,
  checkKey,
  checkKind,
} from './state.ts'

const lookAgainMs = 500
/** Beyond what the command itself may take: unpacking, starting, a server that is started again. */
const marginMs = 60_000

const tell = ({ id, service, environment, deployment, gate }: CheckState, type: string): Happening => ({
  type,
  body: { check: id, service, environment, deployment, gate },
})

/** What is asked first, and once: the key is that of the question. */
export const firstOf = (state: CheckState) => {
  const { id, service, environment, release, command } = state
  const spec = { service, environment, release, ...command, graceMs: checkGraceMs }
  return {
    events: [tell(state, 'check.asked')],
    effects: [{ kind: 'check.start', key: checkKey(id), spec: spec as unknown as Json }],
  }
}

function evidenceOf(state: CheckState, answer: CheckAnswer): EvidenceDraft {
  const { id, gate, deployment, release, environment, command } = state
  return {
    kind: checkKind,
    at: answer.endedAt,
    about: { release, environment },
    body: { check: id, gate, deployment, run: command.run, ...answer },
  }
}

function keep(state: CheckState, answer: CheckAnswer): Decision<CheckState> {
  const draft = evidenceOf(state, answer)
  return move(
    { ...state, phase: 'keeping', answer },
    { effects: [{ kind: 'check.keep', key: `check/${state.id}/keep`, spec: draft as unknown as Json }] },
  )
}

function asking(state: CheckState, { found, lines, problem }: CheckSeen, now: Instant): Decision<CheckState> {
  const answer = answerOf(found, lines)
  if (answer) return keep(state, { startedAt: state.askedAt, endedAt: now, ...answer })
  const limitMs = state.command.timeoutMs + checkGraceMs + marginMs
  if (now - state.askedAt < limitMs) return wait(problem ?? 'it is being asked', now + lookAgainMs)
  const text = `there was no answer within ${formatDuration(limitMs)}${problem ? `: ${problem}` : ''}`
  return keep(state, { is: 'inconclusive', text, lines: [], startedAt: state.askedAt, endedAt: now })
}

function decide(state: CheckState, seen: CheckSeen, now: Instant): Decision<CheckState> {
  if (state.phase === 'asking') return asking(state, seen, now)
  if (state.phase === 'ended') return wait('it has ended')
  if (!seen.kept) return wait('its answer is being kept', now + lookAgainMs)
  return move({ ...state, phase: 'ended' }, { ended: true, events: [tell(state, 'check.answered')] })
}

/** One question of a gate: a command, its answer, and the evidence that it becomes. Nobody tells it anything. */
export const check: Machine<CheckState, CheckSeen, never> = {
  kind: 'check',
  decide,
  accept: () => wait('it takes no commands'),
}
