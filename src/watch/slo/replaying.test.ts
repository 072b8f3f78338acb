import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSeries } from '../../series/embedded/open.ts'
import type { Reading, SeriesStore } from '../../series/index.ts'
import { dayMs, hourMs, minuteMs, usualLowTraffic } from '../plan/slo/traffic.fixture.ts'
import type { SloConfig } from '../slo-config.ts'
import { replayPromise } from './replaying.ts'

const begin = Date.UTC(2026, 10, 1)
const days = 4
const end = begin + days * dayMs
const outage = begin + 2 * dayMs + 12 * hourMs
const away = begin + 3 * dayMs

/** Ten requests a second, half of which fail for half an hour; for three hours nobody looked. */
function* recording(): Generator<Reading[]> {
  const labels = { service_name: 'payments', deployment_environment_name: 'production' }
  let [ok, bad] = [0, 0]
  for (let at = begin; at <= end; at += minuteMs) {
    const share = at > outage && at <= outage + 30 * minuteMs ? 0.5 : 0
    ok += 600 * (1 - share)
    bad += 600 * share
    if (at > away && at < away + 3 * hourMs) continue
    const of = (name: string, value: number, more: Record<string, string>) => ({
      ...{ name, labels: { ...labels, ...more }, at, value },
    })
    yield [
      of('plimsoll_gateway_requests_total', ok, { outcome: 'ok' }),
      of('plimsoll_gateway_requests_total', bad, { outcome: 'server_error' }),
      of('http_server_request_duration_seconds_count', ok + bad, {}),
      of('plimsoll_probe_success', share > 0 ? 0 : 1, { plimsoll_probe: 'front' }),
      // A quarter of a second is an edge since the third day.
      ...(at < outage ? [] : [of('http_server_request_duration_seconds_bucket', ok, { le: '0.25' })]),
    ]
  }
}

const availability = (objective: number): SloConfig => ({
  ...{ kind: 'availability', name: 'availability', objective, window: 28 * dayMs },
  lowTraffic: usualLowTraffic,
})

let folder = ''
let store: SeriesStore
const sources = () => ({ store, secrets: async () => ({}) })
const replayed = (slo: SloConfig) =>
  replayPromise(sources(), { service: 'payments', environment: 'production', slo }, { from: begin, to: end })

describe('a history that was recorded', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-replay-'))
    store = await openSeries(folder, { onProblem: ({ message }) => expect.unreachable(message) })
    let some: Reading[] = []
    for (const readings of recording()) {
      some.push(...readings)
      if (some.length > 4_000) {
        await store.append(some)
        some = []
      }
    }
    await store.append(some)
  })
  afterAll(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })

  it('is replayed: what would have been told, how long, and what was left', async () => {
    const { alerts, left, least, known, gaps } = await replayed(availability(0.999))
    expect(
      alerts.map(({ window, from, until = 0 }) => [
        `${window.severity} ${window.longMs / hourMs} h`,
        (from - outage) / minuteMs,
        Math.round((until - from) / minuteMs),
      ]),
    ).toEqual([
      // A page waits until as much was spent as it is there for: 2 % and 5 % of four weeks that nobody has seen yet.
      ['page 1 h', 2, 33],
      ['page 6 h', expect.any(Number), expect.any(Number)],
      ['ticket 24 h', expect.any(Number), expect.any(Number)],
      ['ticket 72 h', expect.any(Number), expect.any(Number)],
    ])
    // 9,000 of four days' 3,456,000; as if it went on so for four weeks.
    expect(left).toBeCloseTo(1 - 9_000 / (3_456_000 * 7 * 0.001), 1)
    expect(least?.left).toBeLessThanOrEqual(left ?? 0)
    expect(known).toBeCloseTo(1 - 3 / (days * 24), 2)
    expect(gaps).toEqual([{ from: away, to: away + 3 * hourMs }])
  })

  it('spares somebody with a looser objective', async () => {
    const { alerts } = await replayed(availability(0.9))
    expect(alerts).toEqual([])
  })

  it('says of latency nothing for the time in which the edge was not counted', async () => {
    const { known, left } = await replayed({ ...availability(0.99), kind: 'latency', below: 250 })
    expect(known).toBeCloseTo((days * 24 - 60 - 3) / (days * 24), 2)
    expect(left).toBeGreaterThan(0.5)
  })

  it('of a probe counts each time that it asked', async () => {
    const { alerts, left } = await replayed({ ...availability(0.99), kind: 'probe', probe: 'front' })
    expect(alerts[0]).toMatchObject({ window: { severity: 'page' }, worstBurn: expect.closeTo(50, 0) })
    // 30 of four days' minutes, less three hours.
    expect(left).toBeCloseTo(1 - 30 / ((days * 24 - 3) * 60 * 7 * 0.01), 1)
  })

  it('that there is none of says so', async () => {
    const told = await replayPromise(
      sources(),
      { service: 'nobody', environment: 'production', slo: availability(0.9) },
      { from: begin, to: end },
    )
    expect(told).toEqual({ alerts: [], known: 0, gaps: [{ from: begin, to: end }] })
  })
})
