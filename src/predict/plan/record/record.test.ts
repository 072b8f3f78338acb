import { describe, expect, it } from 'vitest'
import { forecast, type History } from '../../../forecast/index.ts'
import type { Instant } from '../../../kernel/index.ts'
import { seededRandom } from '../../../kernel/index.ts'
import { aroundOf } from '../dates.ts'
import { foretold, isForgotten, isLookDue } from './foretold.ts'
import { cautionOf, recordOf } from './index.ts'
import { hoursBetween, hoursWanted, keptForecast } from './keep.ts'
import { aheadMs, dayMs, type ForetoldState, hourMs, newForetold, type ThingSeen } from './state.ts'

const begin = Date.UTC(2027, 0, 4)
const tenPast = 10 * 60_000

/** Hours from `begin` on: they rise and fall by day, and are right or wrong about what is coming. */
function hours(days: number, of: (hour: number) => number): History {
  return { from: begin, stepMs: hourMs, values: Array.from({ length: days * 24 }, (_, i) => of(i)) }
}

const random = seededRandom(7)
const noise = Array.from({ length: 120 * 24 }, () => 1 + 0.2 * (random.next() - 0.5))
const daily = (hour: number) => 100 * (1.5 + Math.sin((hour * Math.PI) / 12)) * (noise[hour] ?? 1)

function until(history: History, at: Instant): History {
  const steps = Math.floor((at - history.from) / hourMs)
  return { ...history, values: Array.from(history.values).slice(0, steps) }
}

type Days = { readonly from: number; readonly to: number; readonly away?: readonly number[] }

/** Looks ten minutes after each midnight, as the loop does. */
function lived(
  whole: History,
  { from, to, away = [] }: Days,
  things: (day: number) => readonly ThingSeen[] = () => [],
  state: ForetoldState = newForetold('payments', 'production'),
): ForetoldState {
  let now = state
  for (let day = from; day <= to; day++) {
    if (away.includes(day)) continue
    const at = begin + day * dayMs + tenPast
    const known = until(whole, at)
    const said = forecast(known, aheadMs)
    const made = said.is === 'forecast' ? keptForecast(known, said, at) : undefined
    const { from: first, to: last } = hoursWanted(now, at)
    const came = hoursBetween(known, first, last)
    const decided = foretold.accept(
      now,
      { is: 'looked', at, ...(made ? { made } : {}), came, things: things(day) },
      at,
    )
    if (decided.is === 'move') now = decided.state
  }
  return now
}

const atDay = (day: number): Instant => begin + day * dayMs + 12 * hourMs

describe('the record of forecasts', () => {
  const steady = lived(hours(50, daily), { from: 29, to: 49 })

  it('counts how many hours lay in the bands, and sets its error beside that of the week before', () => {
    const record = recordOf(steady, aroundOf(undefined, atDay(49)))
    if (!record) throw new Error('nothing was kept')
    // Twenty days have come; the hours of each are in the forecasts of up to seven days before.
    expect(record.recent.days).toBe(20)
    expect(record.recent.hours).toBe((1 + 2 + 3 + 4 + 5 + 6 + 14 * 7) * 24)
    expect(record.recent.coverage?.[50]).toBeGreaterThan(0.4)
    expect(record.recent.coverage?.[50]).toBeLessThan(0.75)
    expect(record.recent.coverage?.[95]).toBeGreaterThan(0.9)
    // The week before has noise of its own: by chance it is wrong by the square root of two as much.
    expect(record.recent.errorRatio).toBeGreaterThan(0.6)
    expect(record.recent.errorRatio).toBeLessThan(0.85)
    expect(record.recent.isBetterThanNaive).toBe(true)
    expect(record).toMatchObject({ forecasts: 21, refused: 0, missed: 0, warnings: [], falseTickets: 0 })
    expect(record.text[0]).toMatch(
      /^of 2856 hours forecast in the last 20 days, \d\d % in 50 %, \d\d % in 80 % and \d\d % in 95 %; its error was 0\.\d\d of that of the same hour a week before$/,
    )
    expect(record.text[1]).toBe('nothing was seen coming since 2 February')
    expect(cautionOf(record)).toBeUndefined()
  })

  it('stays small', () => {
    expect(steady.open.length).toBeLessThanOrEqual(8)
    expect(JSON.stringify(steady).length).toBeLessThan(60_000)
  })

  it('says so when forecasts are no better than the week before', () => {
    // From day 22 on each week is the week before, to the last request.
    const week = noise.slice(0, 168).map((one) => 100 * one ** 9)
    const repeated = hours(50, (hour) => (hour < 22 * 24 ? daily(hour) : (week[hour % 168] ?? 0)))
    const record = recordOf(lived(repeated, { from: 29, to: 49 }), aroundOf(undefined, atDay(49)))
    expect(record?.recent.isBetterThanNaive).toBe(false)
    expect(record?.text[0]).toMatch(/; it was no better than the same hour a week before/)
    expect(record && cautionOf(record)).toBe(
      'in the last 20 days it was no better than the same hour a week before',
    )
  })

  it('tells days on which nobody looked, and hours that nobody knows', () => {
    const gappy = hours(45, (hour) => (hour >= 33 * 24 && hour < 36 * 24 ? Number.NaN : daily(hour)))
    const record = recordOf(
      lived(gappy, { from: 29, to: 44, away: [33, 34, 35] }),
      aroundOf(undefined, atDay(44)),
    )
    expect(record).toMatchObject({ missed: 3, forecasts: 13 })
    // In the forecasts of 29 to 32, and in nobody's else.
    expect(record?.recent.unknown).toBe((4 + 4 + 4) * 24)
    expect(record?.text[0]).toContain(
      'nobody forecast on 3 days, since the server was away; what came in 288 hours is not known',
    )
  })

  it('begins with the first forecast, not with what was brought along', () => {
    const short = lived(
      hours(3, (hour) => (hour < 60 ? Number.NaN : daily(hour))),
      { from: 1, to: 2 },
    )
    expect(recordOf(short, aroundOf(undefined, atDay(2)))).toBeUndefined()
    const first = recordOf(lived(hours(50, daily), { from: 49, to: 49 }), aroundOf(undefined, atDay(49)))
    expect(first).toMatchObject({ since: begin + 49 * dayMs + tenPast, recent: { hours: 0, unknown: 0 } })
    expect(first?.text[0]).toBe('forecasts are kept since 22 February; no hour of them has come yet')
  })

  it('keeps one forecast a day, whatever starts again', () => {
    const at = begin + 49 * dayMs + 11 * hourMs
    expect(isLookDue(steady, at)).toBe(false)
    const again = foretold.accept(
      steady,
      { is: 'looked', at, came: { from: at, values: [] }, things: [] },
      at,
    )
    expect(again.is).toBe('wait')
    // Four minutes after midnight the last hour may not have been counted.
    expect(isLookDue(steady, begin + 50 * dayMs + 4 * 60_000)).toBe(false)
    expect(isLookDue(steady, begin + 50 * dayMs + 6 * 60_000)).toBe(true)
  })

  it('forgets what is older than ninety days', () => {
    const ones = Array.from({ length: 168 }, () => 1)
    const band = { lower: ones, upper: ones }
    const bands = { 50: band, 80: band, 95: band }
    let long = newForetold('payments', 'production')
    for (let day = 29; day < 130; day++) {
      const at = begin + day * dayMs + tenPast
      const made = { madeAt: at, from: begin + day * dayMs, median: ones, bands, naive: ones }
      const { from } = hoursWanted(long, at)
      const values = Array.from({ length: (begin + day * dayMs - from) / hourMs }, () => 1)
      const decided = foretold.accept(
        long,
        { is: 'looked', at, made, came: { from, values }, things: [] },
        at,
      )
      if (decided.is === 'move') long = decided.state
    }
    expect(long.scores.at(-1)).toMatchObject({ hours: 168, within: { 50: 168 }, error: 0 })
    expect(long.looks.length).toBeLessThanOrEqual(91)
    expect(long.scores.length).toBeLessThanOrEqual(91)
    expect(isForgotten(long, atDay(200))).toBe(false)
    expect(isForgotten(long, atDay(225))).toBe(true)
    const gone = foretold.accept(long, { is: 'forget', at: atDay(225) }, atDay(225))
    expect(gone).toMatchObject({ is: 'move', ended: true, state: { looks: [], scores: [], open: [] } })
  })
})

describe('warnings', () => {
  const flat = hours(80, () => 5)
  const load = { kind: 'headroom', name: 'headroom' }
  const date = (day: number) => begin + day * dayMs

  it('run from the first day on which something was told to the day on which it came', () => {
    const state = lived(flat, { from: 30, to: 50 }, (day) => [
      {
        ...load,
        ...(day >= 33 ? { date: date(day < 40 ? 46 : 48) } : {}),
        hasTicket: day >= 35,
        hasCome: day >= 47,
      },
    ])
    const record = recordOf(state, aroundOf(undefined, atDay(50)))
    expect(record?.warnings).toMatchObject([
      {
        outcome: 'came',
        warningDays: 14,
        ticketWarningDays: 12,
        dates: [{ date: date(46) }, { date: date(48) }],
      },
    ])
    expect(record?.text[1]).toBe(
      'headroom: told on 6 February for 19 February, moved to 21 February, came on 20 February: 14 days of warning',
    )
  })

  it('that end before anything came are counted, when there was a ticket', () => {
    const state = lived(flat, { from: 30, to: 50 }, (day) => [
      {
        ...load,
        ...(day === 33 || day === 35 ? { date: date(60) } : {}),
        hasTicket: day === 35,
        hasCome: false,
      },
      {
        kind: 'disk',
        name: '/data',
        ...(day === 40 ? { date: date(90) } : {}),
        hasTicket: false,
        hasCome: false,
      },
    ])
    const record = recordOf(state, aroundOf(undefined, atDay(50)))
    // One day of silence is none.
    expect(record?.warnings).toHaveLength(2)
    expect(record?.falseTickets).toBe(1)
    expect(record?.text[1]).toBe(
      'disk /data: told on 13 February for 4 April, gone on 14 February; headroom: told on 6 February for 5 March, gone on 9 February with its ticket; 1 ticket of what did not come',
    )
  })

  it('of what came without ever being told are of no days', () => {
    const state = lived(flat, { from: 30, to: 40 }, (day) => [
      { ...load, hasTicket: false, hasCome: day >= 38 },
    ])
    expect(recordOf(state, aroundOf(undefined, atDay(40)))?.text[1]).toBe(
      'headroom: came on 11 February without warning',
    )
  })
})
