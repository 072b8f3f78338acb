import { expect, it } from 'vitest'
import { replay } from './replay.ts'
import { dayMs, evenTraffic, type Failing, hourMs, minuteMs, promise } from './traffic.fixture.ts'

const outage: Failing = { from: 10 * dayMs, to: 10 * dayMs + 30 * minuteMs, share: 0.5 }
const smoulder: Failing = { from: 20 * dayMs, to: 22 * dayMs, share: 0.005 }
const range = { from: 0, to: 30 * dayMs, stepMs: minuteMs }

const replayed = (objective: number) =>
  replay(
    promise(objective, 28),
    (at) => evenTraffic(at, [outage, smoulder], { since: -60 * dayMs }),
    range,
  ).map(({ window, from, until }) => ({
    alert: `${window.severity} over ${window.longMs / hourMs} h`,
    day: Math.floor(from / dayMs),
    minute: (from % dayMs) / minuteMs,
    lasted: ((until ?? Number.NaN) - from) / minuteMs,
  }))

it('lists what would have been told of, when it began and how long it lasted', () => {
  expect(replayed(0.999)).toEqual([
    // 0.1 % × 13.44 × 1 h of half of all requests: after a minute and 37 seconds.
    { alert: 'page over 1 h', day: 10, minute: 2, lasted: expect.closeTo(33, -1) },
    { alert: 'page over 6 h', day: 10, minute: 5, lasted: expect.closeTo(55, -1) },
    expect.objectContaining({ alert: 'ticket over 24 h', day: 10 }),
    expect.objectContaining({ alert: 'ticket over 72 h', day: 10 }),
    expect.objectContaining({ alert: 'ticket over 24 h', day: 20 }),
    expect.objectContaining({ alert: 'ticket over 72 h', day: 20 }),
  ])
})

it('shows what a looser objective spares', () => {
  expect(replayed(0.99).map(({ alert, day }) => `${alert} on day ${day}`)).toEqual([
    'page over 1 h on day 10',
  ])
  expect(replayed(0.9)).toEqual([])
})

it('leaves what still fires without an end', () => {
  const failing: Failing = { from: hourMs, share: 1 }
  const [first] = replay(promise(0.999), (at) => evenTraffic(at, [failing]), { ...range, to: 2 * hourMs })
  expect(first).toMatchObject({ from: hourMs + minuteMs, worstBurn: expect.closeTo(1_000, 6) })
  expect(first).not.toHaveProperty('until')
})
