import { type Decision, type Happening, type Instant, type Machine, move, wait } from '../../../kernel/index.ts'
import { judgeHeartbeat } from './standing.ts'
import type {
  EndedRun,
  HeartbeatCommand,
  HeartbeatSeen,
  HeartbeatStanding,
  HeartbeatState,
} from './state.ts'

/** What somebody should look at. */
export const isIll = (standing: HeartbeatStanding): boolean =>
  standing === 'late' || standing === 'failed' || standing === 'stuck'

const happen = (type: string, { service, environment, name }: HeartbeatState, because: string): Happening => ({
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

const isSameRun = (a: { readonly run?: string | undefined } | undefined, run: string | undefined): boolean =>
  a !== undefined && run !== undefined && a.run === run

/** An end that was told before, whoever told it again. */
const isKnown = ({ last }: HeartbeatState, { is, at, run }: HeartbeatCommand): boolean =>
  last !== undefined && (isSameRun(last, run) || (run === undefined && last.is === is && last.endedAt === at))

function begin(state: HeartbeatState, { at, run }: HeartbeatCommand): Decision<HeartbeatState> {
  const isOld = isSameRun(state.running, run) || isSameRun(state.last, run)
  if (isOld || (state.running && state.running.startedAt >= at)) return wait('this was said before')
  return move({ ...state, running: { startedAt: at, ...(run === undefined ? {} : { run }) } })
}

function end(state: HeartbeatState, command: HeartbeatCommand): Decision<HeartbeatState> {
  const { is, at, run, exitCode, message } = command
  if (is === 'start' || isKnown(state, command)) return wait('this was said before')
  const { running, ...rest } = state
  const isItsEnd = running !== undefined && (run === undefined || running.run === run)
  const last: EndedRun = {
    is,
    endedAt: at,
    ...(isItsEnd ? { startedAt: Math.min(running.startedAt, at) } : {}),
    ...(run === undefined ? {} : { run }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(message === undefined ? {} : { message }),
  }
  const runs = { ...state.runs, [is]: state.runs[is] + 1 }
  // What was told late, and is older than what is known, only counts.
  if (state.last && state.last.endedAt > at) return move({ ...state, runs })
  return move({
    ...rest,
    ...(running && !isItsEnd ? { running } : {}),
    runs,
    last,
    ...(is === 'success' ? { succeededAt: at } : {}),
  })
}

function accept(state: HeartbeatState, command: HeartbeatCommand): Decision<HeartbeatState> {
  return command.is === 'start' ? begin(state, command) : end(state, command)
}

/** A job that tells when it runs: it is late, fails or runs too long, and then somebody is told. */
export const heartbeat: Machine<HeartbeatState, HeartbeatSeen, HeartbeatCommand> = {
  kind: 'heartbeat',
  decide,
  accept,
}
