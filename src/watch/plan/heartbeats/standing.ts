import { formatDuration, type Instant, momentIn } from '../../../kernel/index.ts'
import type { Absence, HeartbeatSettings, HeartbeatStanding, HeartbeatState } from './state.ts'

/** How a job stands, why, and when that may change by itself. */
export type Judged = {
  readonly standing: HeartbeatStanding
  readonly because: string
  readonly until?: Instant
}

/** When it was last heard of: a run counts from its beginning, where that was told. */
export function heardAt({ running, last, since }: HeartbeatState): Instant {
  const ended = last ? (last.startedAt ?? last.endedAt) : since
  return Math.max(since, ended, running?.startedAt ?? since)
}

const overlaps = (absences: readonly Absence[], from: Instant, to: Instant): Absence | undefined =>
  absences.findLast((one) => one.from <= to && one.to >= from)

type Missing = {
  /** The first expected run that is overdue. */
  readonly lateSince?: Instant
  /** In which one may have told. */
  readonly excused?: Absence
  /** When the next is overdue. */
  readonly dueAt: Instant
}

/** What was expected since it was last heard of, and did not come; what may have told while nobody listened is excused. */
function missing(
  state: HeartbeatState,
  { schedule, graceMs }: HeartbeatSettings,
  absences: readonly Absence[],
  now: Instant,
): Missing {
  let excused: Absence | undefined
  for (let expected = schedule.next(heardAt(state)); ; expected = schedule.next(expected)) {
    const dueAt = expected + graceMs
    if (dueAt > now) return { ...(excused ? { excused } : {}), dueAt }
    const absence = overlaps(absences, expected - graceMs, dueAt)
    if (!absence) return { lateSince: expected, dueAt }
    excused = absence
  }
}

const away = ({ from, to }: Absence, timeZone: string): string =>
  `nobody listened from ${momentIn(timeZone, from)} to ${momentIn(timeZone, to)}: whether it ran then is not known`

function failureText({ last }: HeartbeatState): string {
  const code = last?.exitCode === undefined ? '' : ` with exit code ${last.exitCode}`
  // Of what a command printed the end says why.
  const said = last?.message?.trim().split('\n').at(-1) ?? ''
  return `failed${code}${said === '' ? '' : `: ${said}`}`
}

/** How long what runs may go on; undefined when nobody can tell whether it still runs. */
function stuckAt(
  { running }: HeartbeatState,
  { longestMs }: HeartbeatSettings,
  absences: readonly Absence[],
  now: Instant,
): Instant | undefined {
  if (!running || longestMs === undefined) return undefined
  const at = running.startedAt + longestMs
  return overlaps(absences, running.startedAt, Math.min(at, now)) ? undefined : at
}

/** How a job stands now, as far as it told. */
export function judgeHeartbeat(
  state: HeartbeatState,
  settings: HeartbeatSettings,
  absences: readonly Absence[],
  now: Instant,
): Judged {
  const { lateSince, excused, dueAt } = missing(state, settings, absences, now)
  const overAt = stuckAt(state, settings, absences, now)
  const { running, last } = state
  const clock = (at: Instant): string => momentIn(settings.timeZone, at)
  if (overAt !== undefined && overAt <= now && running) {
    const longest = formatDuration(settings.longestMs ?? 0)
    return {
      standing: 'stuck',
      because: `has run since ${clock(running.startedAt)}, expected at most ${longest}`,
    }
  }
  if (lateSince !== undefined)
    return { standing: 'late', because: `was expected at ${clock(lateSince)} and has not told that it ran` }
  const until = Math.min(dueAt, overAt ?? dueAt)
  if (last?.is === 'failure') return { standing: 'failed', because: failureText(state), until }
  if (excused) return { standing: 'unknown', because: away(excused, settings.timeZone), until }
  if (running) return { standing: 'running', because: `runs since ${clock(running.startedAt)}`, until }
  if (!last) return { standing: 'waiting', because: `is expected by ${clock(dueAt)}`, until }
  return { standing: 'ok', because: `is expected again by ${clock(dueAt)}`, until }
}
