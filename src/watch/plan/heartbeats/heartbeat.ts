import {
  type Decision,
  type Happening,
  type Instant,
  type Machine,
  move,
  wait,
} from '../../../kernel/index.ts'
import { judgeHeartbeat } from './standing.ts'
import type { EndedRun, HeartbeatCommand, HeartbeatSeen, HeartbeatStanding, HeartbeatState } from './state.ts'

/** What somebody should look at. */
export const isIll = (standing: HeartbeatStanding): boolean =>
  standing === 'late' || standing === 'failed' || standing === 'stuck'

const happen = (
  type: string,
  { service, environment, name }: HeartbeatState,
  because: string,
): Happening => ({
  type,
  body: { service, environment, heartbeat: name, because },
})

function eventsOf(state: HeartbeatState, standing: HeartbeatStanding, because: string): Happening[] {
  if (isIll(standing)) return [happen(`heartbeat.${standing}`, state, because)]
  const isOver = isIll(state.standing) && (standing === 'ok' || standing === 'running')
  return isOver ? [happen('heartbeat.recovered', state, because)] : []
}

function decide(state: HeartbeatState, seen: HeartbeatSeen, now: Instant): Decision<HeartbeatState> {
  const { settings, absences } = seen
  if (!settings) {
    const { schedule, ...rest } = state
    return schedule === undefined ? wait('nothing is expected of it any more') : move(rest)
  }
  // What was expected before says nothing of what is expected now.
  if (state.schedule !== settings.schedule.text)
    return move({ ...state, schedule: settings.schedule.text, since: now })
  const { standing, because, until } = judgeHeartbeat(state, settings, absences, now)
  if (standing === state.standing && because === state.because) return wait(because, until)
  const changedAt = standing === state.standing ? state.changedAt : now
  const events = standing === state.standing ? [] : eventsOf(state, standing, because)
  return move({ ...state, standing, because, changedAt }, { events })
}

/** So many ends are remembered, for who tells them again. */
const endedKept = 20

/** It was told before that this run has ended. */
const hasEnded = ({ ended = [] }: HeartbeatState, run: string | undefined): boolean =>
  run !== undefined && ended.includes(run)

function begin(state: HeartbeatState, { at, run }: HeartbeatCommand): Decision<HeartbeatState> {
  const { running } = state
  const isKnown =
    running !== undefined && (running.startedAt >= at || (run !== undefined && running.run === run))
  if (isKnown || hasEnded(state, run)) return wait('this was said before')
  return move({ ...state, running: { startedAt: at, ...(run === undefined ? {} : { run }) } })
}

function endedRun(
  is: EndedRun['is'],
  { at, run, exitCode, message }: HeartbeatCommand,
  startedAt: Instant | undefined,
): EndedRun {
  return {
    ...{ is, endedAt: at },
    ...(startedAt === undefined ? {} : { startedAt: Math.min(startedAt, at) }),
    ...(run === undefined ? {} : { run }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(message === undefined ? {} : { message }),
  }
}

function end(state: HeartbeatState, is: EndedRun['is'], command: HeartbeatCommand): Decision<HeartbeatState> {
  const { at, run } = command
  const { running, ...rest } = state
  const isSame = run === undefined && state.last?.is === is && state.last.endedAt === at
  if (isSame || hasEnded(state, run)) return wait('this was said before')
  const isItsEnd = running !== undefined && (run === undefined || running.run === run)
  const counted: HeartbeatState = {
    ...rest,
    runs: { ...state.runs, [is]: state.runs[is] + 1 },
    ...(run === undefined ? {} : { ended: [run, ...(state.ended ?? [])].slice(0, endedKept) }),
    ...(running && !isItsEnd ? { running } : {}),
  }
  // What was told late, and is older than what is known, only counts.
  if (state.last && state.last.endedAt > at) return move(counted)
  return move({
    ...counted,
    last: endedRun(is, command, isItsEnd ? running.startedAt : undefined),
    ...(is === 'success' ? { succeededAt: at } : {}),
  })
}

function accept(state: HeartbeatState, command: HeartbeatCommand): Decision<HeartbeatState> {
  return command.is === 'start' ? begin(state, command) : end(state, command.is, command)
}

/** A job that tells when it runs: it is late, fails or runs too long, and then somebody is told. */
export const heartbeat: Machine<HeartbeatState, HeartbeatSeen, HeartbeatCommand> = {
  kind: 'heartbeat',
  decide,
  accept,
}
