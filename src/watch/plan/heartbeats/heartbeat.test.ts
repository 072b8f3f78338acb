import { describe, expect, it } from 'vitest'
import { scheduleOf } from '../../heartbeats/schedule.ts'
import { heartbeat } from './heartbeat.ts'
import { type Absence, type HeartbeatCommand, type HeartbeatState, newHeartbeat } from './state.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const midnight = Date.UTC(2027, 2, 1)
/** Minutes since midnight. */
const at = (minutes: number): number => midnight + minutes * minuteMs

const hourly = {
  timeZone: 'Etc/UTC',
  schedule: scheduleOf({ every: hourMs, timeZone: 'UTC' }),
  graceMs: 10 * minuteMs,
  longestMs: 30 * minuteMs,
}
const nightly = {
  timeZone: 'Etc/UTC',
  schedule: scheduleOf({ schedule: '30 2 * * *', timeZone: 'UTC' }),
  graceMs: 20 * minuteMs,
}

/** Decides until there is nothing to decide any more. @returns the state, what happened, and until when it waits */
function settle(
  state: HeartbeatState,
  now: number,
  settings: typeof hourly | typeof nightly | undefined = hourly,
  absences: readonly Absence[] = [],
) {
  const events: string[] = []
  for (let i = 0; i < 10; i++) {
    const decision = heartbeat.decide(state, { settings, absences }, now)
    if (decision.is === 'wait') return { state, events, until: decision.until }
    state = decision.state
    events.push(...decision.events.map(({ type }) => type))
  }
  throw new Error('it never comes to rest')
}

function say(state: HeartbeatState, command: HeartbeatCommand): HeartbeatState {
  const decision = heartbeat.accept(state, command, command.at)
  return decision.is === 'move' ? decision.state : state
}

const fresh = (settings: typeof hourly | typeof nightly = hourly): HeartbeatState =>
  settle(newHeartbeat('payments', 'production', 'settlement', midnight), midnight, settings).state

describe('a heartbeat', () => {
  it('is late when it stays away for longer than its period and grace, and recovers with its next run', () => {
    const { state, until } = settle(say(fresh(), { is: 'success', at: at(0) }), at(1))
    expect(state.standing).toBe('ok')
    expect(until).toBe(at(70))
    const late = settle(state, at(70))
    expect(late.state).toMatchObject({
      standing: 'late',
      because: 'was expected at 2027-03-01 01:00 UTC and has not told that it ran',
    })
    expect(late.events).toEqual(['heartbeat.late'])
    expect(settle(late.state, at(300)).events).toEqual([])
    const again = settle(say(late.state, { is: 'success', at: at(90) }), at(90))
    expect(again.events).toEqual(['heartbeat.recovered'])
  })

  it('is late though nobody ever heard of it', () => {
    expect(settle(fresh(), at(69)).state.standing).toBe('waiting')
    expect(settle(fresh(), at(70)).state.standing).toBe('late')
  })

  it('says why it failed, and stands so until it succeeds', () => {
    const message = 'reading files\nno file of yesterday\n'
    const failed = settle(say(fresh(), { is: 'failure', at: at(5), exitCode: 3, message }), at(5))
    expect(failed.events).toEqual(['heartbeat.failed'])
    expect(failed.state.because).toBe('failed with exit code 3: no file of yesterday')
    const running = settle(say(failed.state, { is: 'start', at: at(60), run: 'b' }), at(60))
    expect(running.state.standing).toBe('failed')
    expect(settle(say(running.state, { is: 'success', at: at(61), run: 'b' }), at(61)).events).toEqual([
      'heartbeat.recovered',
    ])
  })

  it('is stuck when it runs for longer than it may', () => {
    const { state, until } = settle(say(fresh(), { is: 'start', at: at(10), run: 'a' }), at(10))
    expect(state.standing).toBe('running')
    expect(until).toBe(at(40))
    const stuck = settle(state, at(40))
    expect(stuck.events).toEqual(['heartbeat.stuck'])
    expect(stuck.state.because).toBe('has run since 2027-03-01 00:10 UTC, expected at most 30 m 00 s')
  })

  it('counts the same report once, and runs that overlap apart', () => {
    const end: HeartbeatCommand = { is: 'success', at: at(9), run: 'a' }
    let state = say(fresh(), { is: 'start', at: at(1), run: 'a' })
    state = say(state, { is: 'start', at: at(5), run: 'b' })
    state = say(say(state, end), end)
    expect(state).toMatchObject({ runs: { success: 1, failure: 0 }, running: { run: 'b', startedAt: at(5) } })
    state = say(state, { is: 'start', at: at(1), run: 'a' })
    expect(state.running?.run).toBe('b')
    state = say(state, { is: 'failure', at: at(8), run: 'b' })
    expect(state).toMatchObject({ runs: { success: 1, failure: 1 }, last: { is: 'success' } })
  })

  it('is not blamed for what it could not tell while nobody listened', () => {
    const { state } = settle(say(fresh(), { is: 'success', at: at(0) }), at(1))
    const during = [{ from: at(58), to: at(95) }]
    const back = settle(state, at(95), hourly, during)
    expect(back.state).toMatchObject({
      standing: 'unknown',
      because:
        'nobody listened from 2027-03-01 00:58 UTC to 2027-03-01 01:35 UTC: whether it ran then is not known',
    })
    expect(back.events).toEqual([])
    // What is expected next is expected.
    expect(back.until).toBe(at(130))
    expect(settle(back.state, at(130), hourly, during).state.standing).toBe('late')
    // What it tells afterwards, with its own time, counts.
    const told = settle(say(back.state, { is: 'success', at: at(62) }), at(96), hourly, during)
    expect(told.state.standing).toBe('ok')
    expect(told.until).toBe(at(132))
  })

  it('is blamed for what it missed before nobody listened, or after', () => {
    const { state } = settle(say(fresh(), { is: 'success', at: at(0) }), at(1))
    expect(settle(state, at(95), hourly, [{ from: at(71), to: at(94) }]).state.standing).toBe('late')
    expect(settle(state, at(95), hourly, [{ from: at(10), to: at(40) }]).state.standing).toBe('late')
  })

  it('is not stuck when it may have ended while nobody listened', () => {
    const { state } = settle(say(fresh(), { is: 'start', at: at(10) }), at(10))
    const back = settle(state, at(50), hourly, [{ from: at(20), to: at(49) }])
    expect(back.state.standing).toBe('running')
    expect(settle(back.state, at(80), hourly, [{ from: at(20), to: at(49) }]).state.standing).toBe('late')
  })

  it('begins anew when what is expected changes, or when it is expected again', () => {
    const { state } = settle(say(fresh(), { is: 'success', at: at(0) }), at(1))
    const changed = settle(state, at(10 * 60), nightly)
    expect(changed.state).toMatchObject({ standing: 'ok', since: at(10 * 60) })
    const gone = heartbeat.decide(changed.state, { settings: undefined, absences: [] }, at(11 * 60))
    if (gone.is !== 'move') throw new Error('it is still expected')
    expect(gone.state.schedule).toBeUndefined()
    expect(settle(gone.state, at(72 * 60), nightly).state).toMatchObject({
      standing: 'ok',
      since: at(72 * 60),
    })
  })
})

describe('a schedule', () => {
  it('takes a run that comes a little early for the one that was expected', () => {
    const early = settle(say(fresh(nightly), { is: 'success', at: at(149.5) }), at(149.5), nightly)
    expect(early.until).toBe(at(24 * 60 + 150 + 20))
    const muchTooEarly = settle(say(fresh(nightly), { is: 'success', at: at(120) }), at(120), nightly)
    expect(muchTooEarly.until).toBe(at(170))
  })

  it('follows the clock of its time zone into summer and out of it', () => {
    const { next } = scheduleOf({ schedule: '30 6 * * *', timeZone: 'Europe/London' })
    expect(next(Date.UTC(2027, 2, 27, 12))).toBe(Date.UTC(2027, 2, 28, 5, 30))
    expect(next(Date.UTC(2027, 9, 30, 12))).toBe(Date.UTC(2027, 9, 31, 6, 30))
    // A time that the clock leaves out still comes once.
    const skipped = scheduleOf({ schedule: '30 1 * * *', timeZone: 'Europe/London' })
    expect(new Date(skipped.next(Date.UTC(2027, 2, 27, 12))).getUTCDate()).toBe(28)
  })
})
