import { describe, expect, it } from 'vitest'
import type { Counts, TrafficSeen } from '../../../fleet/index.ts'
import { createHistogram } from '../../../kernel/histogram.ts'
import { aggregate, memorySeries, over, type Reading, series } from '../../../series/index.ts'
import { bucketsOf, edgesWith } from './buckets.ts'
import { gatewayProblems, type TrafficBefore, trafficReadings } from './traffic.ts'

const watched = { service: 'pay', environment: 'production', belowMs: [200] }

function counts(
  byClass: Partial<Counts['byClass']>,
  latenciesMs: readonly number[] = [],
  more: Partial<Counts> = {},
): Counts {
  const histogram = createHistogram()
  for (const one of latenciesMs) histogram.record(one)
  const all = { '1': 0, '2': 0, '3': 0, '4': 0, '5': 0, ...byClass }
  const answered = Object.values(all).reduce((a, b) => a + b, 0)
  return {
    ...{ accepted: answered, answered, byClass: all, lost: 0, abandoned: 0, retried: 0, failedClients: 0 },
    ...{ inFlight: 0, latency: histogram.counts(), ...more },
  }
}

const seen = (fleets: Readonly<Record<string, Counts>>, more: Partial<TrafficSeen> = {}): TrafficSeen => ({
  ...{
    reachable: true,
    revision: 1,
    generation: 'a',
    latencySince: 1,
    upstreams: Object.keys(fleets).map((fleet) => ({
      fleet,
      instance: `${fleet}/0`,
      healthy: true,
      serving: true,
      inFlight: 0,
    })),
    refused: 0,
    lost: [],
  },
  counts: fleets,
  ...more,
})

const valuesIn = (readings: readonly Reading[], name: string, labels: Readonly<Record<string, string>>) =>
  readings
    .filter(
      (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
    )
    .map(({ at, value }) => [at, value])

describe('what a gateway tells of its instances and its log', () => {
  const upstream = { fleet: 'pay.1', healthy: true, serving: true, inFlight: 0 }
  const all = seen(
    { 'pay.1': counts({ '2': 5 }) },
    {
      upstreams: [
        { ...upstream, instance: 'pay.1/0', ejections: 3, ejectedForMs: 41_000 },
        { ...upstream, instance: 'pay.1/1', ejections: 1 },
      ],
      accessLog: { written: 7, dropped: 2, because: 'ENOSPC' },
    },
  )

  it('is read as metrics', () => {
    const { readings } = trafficReadings(watched, all, {}, 1_000)
    const of = (name: string) => valuesIn(readings, name, { deployment_environment_name: 'production' })
    expect(of('plimsoll_gateway_ejected_instances')).toEqual([[1_000, 1]])
    expect(of('plimsoll_gateway_ejections_total')).toEqual([[1_000, 4]])
    expect(of('plimsoll_gateway_access_log_dropped_total')).toEqual([[1_000, 2]])
    const quiet = trafficReadings(watched, seen({ 'pay.1': counts({ '2': 5 }) }), {}, 1_000).readings
    expect(quiet.filter(({ name }) => /eject|access_log/.test(name))).toEqual([])
  })

  it('is said in sentences', () => {
    expect(gatewayProblems(all)).toEqual([
      'instance pay.1/0 gets no requests for 41 s more: it failed several in a row, though its health check is well',
      'the access log cannot be written: ENOSPC',
    ])
    expect(gatewayProblems(seen({ 'pay.1': counts({}) }))).toEqual([])
  })
})

describe('edges of a histogram', () => {
  it('are those that OpenTelemetry advises and those of the objectives, ascending', () => {
    expect(edgesWith([250, 200, 30])).toEqual([
      ...[0.005, 0.01, 0.025, 0.03, 0.05, 0.075, 0.1, 0.2, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    ])
  })

  it('count what took no longer, within 0.8 % and never in its favour', () => {
    const latencies = Array.from({ length: 2_000 }, (_, i) => (i + 0.5) * 0.3)
    const { latency } = counts({}, latencies)
    const { upTo, count, sumSeconds } = bucketsOf(latency, edgesWith([333]))
    for (const [edge, below] of upTo) {
      expect(below, String(edge)).toBeLessThanOrEqual(latencies.filter((ms) => ms <= edge * 1_000).length)
      expect(below, String(edge)).toBeGreaterThanOrEqual(latencies.filter((ms) => ms <= edge * 992).length)
    }
    expect(count).toBe(2_000)
    const exact = latencies.reduce((a, b) => a + b, 0) / 1_000
    expect(sumSeconds).toBeGreaterThan(exact * 0.999)
    expect(sumSeconds).toBeLessThan(exact * 1.008)
  })
})

describe('what a gateway has counted', () => {
  const first = seen(
    {
      'pay.production.1': counts({ '2': 7, '3': 1, '4': 2, '5': 3 }, [1, 150, 300], {
        lost: 4,
        abandoned: 5,
      }),
    },
    { refused: 6 },
  )
  const versions = { 'pay.production.1': 'abc' }

  it('is told by outcome, release and fleet', () => {
    const { readings } = trafficReadings(watched, first, versions, 1_000)
    const labels = {
      service_name: 'pay',
      deployment_environment_name: 'production',
      service_version: 'abc',
      plimsoll_fleet: 'pay.production.1',
    }
    const outcomes = readings.filter(({ name }) => name === 'plimsoll_gateway_requests_total')
    expect(
      outcomes.map(({ labels: its, value }) => [its.outcome, its.plimsoll_fleet ?? 'none', value]),
    ).toEqual([
      ['ok', 'pay.production.1', 8],
      ['client_error', 'pay.production.1', 2],
      ['server_error', 'pay.production.1', 3],
      ['lost', 'pay.production.1', 4],
      ['abandoned', 'pay.production.1', 5],
      ['lost', 'none', 6],
    ])
    expect(outcomes[0]?.labels).toEqual({ ...labels, outcome: 'ok' })
    const bucket = 'http_server_request_duration_seconds_bucket'
    expect(valuesIn(readings, bucket, { le: '0.2' })).toEqual([[1_000, 2]])
    expect(valuesIn(readings, bucket, { le: '+Inf' })).toEqual([[1_000, 3]])
    expect(valuesIn(readings, 'http_server_request_duration_seconds_count', labels)).toEqual([[1_000, 3]])
    expect(readings.every(({ at }) => at === 1_000)).toBe(true)
  })

  it('of a fleet that is new counts from zero at the last look', () => {
    const before: TrafficBefore = {
      at: 1_000,
      generation: 'a',
      since: 1,
      ended: { '': 0, 'pay.production.1': 9 },
    }
    const next = seen({ 'pay.production.1': counts({ '2': 9 }), 'pay.production.2': counts({ '5': 2 }, [4]) })
    const { readings } = trafficReadings(watched, next, versions, 16_000, before)
    const errors = { outcome: 'server_error' }
    expect(
      valuesIn(readings, 'plimsoll_gateway_requests_total', {
        ...errors,
        plimsoll_fleet: 'pay.production.1',
      }),
    ).toEqual([[16_000, 0]])
    expect(
      valuesIn(readings, 'plimsoll_gateway_requests_total', {
        ...errors,
        plimsoll_fleet: 'pay.production.2',
      }),
    ).toEqual([
      [1_001, 0],
      [16_000, 2],
    ])
  })

  it('of a process that is new begins at zero: latencies alone, since the account is handed over', () => {
    const before: TrafficBefore = {
      at: 1_000,
      generation: 'a',
      since: 1,
      ended: { '': 0, 'pay.production.1': 9 },
    }
    const next = seen({ 'pay.production.1': counts({ '2': 9 }, [1, 2]) }, { latencySince: 5_000 })
    const { readings } = trafficReadings(watched, next, versions, 16_000, before)
    expect(valuesIn(readings, 'plimsoll_gateway_requests_total', { outcome: 'ok' })).toEqual([[16_000, 9]])
    expect(valuesIn(readings, 'http_server_request_duration_seconds_count', {})).toEqual([
      [1_001, 0],
      [16_000, 2],
    ])
  })

  it('are told by route, under names of their own, from zero on where a route is new', () => {
    const fleet = 'pay.production.1'
    const route = (name: string, ok: number) => ({
      route: name,
      byClass: { '1': 0, '2': ok, '3': 0, '4': 0, '5': 1 },
      ...{ lost: 0, abandoned: 0, sumMs: 900 },
      latency: { upperMs: [5, 100], counts: [ok, 0, 1] },
    })
    const first = trafficReadings(
      watched,
      seen({ [fleet]: counts({ '2': 4, '5': 1 }) }, { routes: { [fleet]: [route('/payments/:id', 4)] } }),
      versions,
      1_000,
    )
    const both = [route('/payments/:id', 6), route('other', 2)]
    const { readings } = trafficReadings(
      watched,
      seen({ [fleet]: counts({ '2': 8, '5': 2 }) }, { routes: { [fleet]: both } }),
      versions,
      16_000,
      first.seen,
    )
    const ok = (name: string) =>
      valuesIn(readings, 'plimsoll_gateway_route_requests_total', { http_route: name, outcome: 'ok' })
    expect(ok('/payments/:id')).toEqual([[16_000, 6]])
    expect(ok('other')).toEqual([
      [1_001, 0],
      [16_000, 2],
    ])
    const bucket = (le: string) =>
      valuesIn(readings, 'plimsoll_gateway_route_duration_seconds_bucket', {
        http_route: '/payments/:id',
        le,
      })
    expect([bucket('0.005'), bucket('0.1'), bucket('+Inf')].map(([one]) => one?.[1])).toEqual([6, 6, 7])
    // What all requests together are told by does not change.
    expect(valuesIn(readings, 'plimsoll_gateway_requests_total', { outcome: 'ok' })).toEqual([[16_000, 8]])
  })

  it('of a fleet that has left is told until nothing is in flight in it, and then not any more', () => {
    const left = (answered: number, inFlight = 0) =>
      seen({ 'pay.production.1': counts({ '2': answered }, [], { inFlight }) }, { upstreams: [] })
    const looks = [left(9, 1), left(10), left(10)]
    let before: TrafficBefore | undefined
    const told = looks.map((look, i) => {
      const it = trafficReadings(watched, look, versions, (i + 1) * 1_000, before)
      before = it.seen
      return valuesIn(it.readings, 'plimsoll_gateway_requests_total', { outcome: 'ok' }).at(-1)?.[1]
    })
    expect(told).toEqual([9, 10, undefined])
  })

  it('is not told, and not forgotten, while the gateway does not answer', () => {
    const before: TrafficBefore = {
      at: 1_000,
      generation: 'a',
      since: 1,
      ended: { '': 0, 'pay.production.1': 9 },
    }
    const none = seen({}, { reachable: false, generation: '' })
    expect(trafficReadings(watched, none, versions, 16_000, before)).toEqual({ readings: [], seen: before })
  })

  it('increases by exactly what was counted, whichever process counted it', async () => {
    const store = memorySeries()
    const fleet = 'pay.production.1'
    const looks = [
      seen({ [fleet]: counts({ '2': 5 }, [1, 1, 1, 1, 1]) }),
      seen({ [fleet]: counts({ '2': 8 }, [1, 1, 1, 1, 1, 1, 1, 1]) }),
      // Killed, and begun again: it has counted 9 answers of its own, more than the one before ever did.
      seen({ [fleet]: counts({ '2': 17 }, Array(9).fill(1)) }, { latencySince: 2 }),
      seen({ [fleet]: counts({ '2': 19 }, Array(11).fill(1)) }, { latencySince: 2 }),
    ]
    let before: TrafficBefore | undefined
    for (const [i, look] of looks.entries()) {
      const told = trafficReadings(watched, look, versions, i * 15_000 + 1, before)
      before = told.seen
      expect(await store.append(told.readings)).toMatchObject({ outOfOrder: 0, duplicate: 0 })
    }
    const points = await store.select(series('http_server_request_duration_seconds_count'), 0, 60_000)
    const values = [...(points[0]?.values ?? [])]
    expect(values).toEqual([5, 8, 0, 9, 11])
    const rate = await store.instant(
      aggregate(
        'sum',
        ['outcome'],
        over('increase', series('plimsoll_gateway_requests_total', { outcome: 'ok' }), 45_001),
      ),
      45_001,
    )
    expect(rate[0]?.value).toBeCloseTo(14, 0)
  })
})
