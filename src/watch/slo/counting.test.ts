import { describe, expect, it } from 'vitest'
import { memorySeries, type Reading } from '../../series/index.ts'
import { budgetOf } from '../plan/slo/budget.ts'
import { burningOf } from '../plan/slo/burning.ts'
import { judgeSlo } from '../plan/slo/evaluate.ts'
import { type Indicator, type Scope, sliOf } from '../plan/slo/sli.ts'
import { hourMs, minuteMs, promise } from '../plan/slo/traffic.fixture.ts'
import { type Countable, countIn } from './counting.ts'

const scope: Scope = { service: 'payments', environment: 'production' }
const labels = { service_name: 'payments', deployment_environment_name: 'production' }
const countable = (slo: Indicator): Countable => {
  const sli = sliOf(slo, scope)
  if (sli.is !== 'queries') throw new Error('only a Prometheus could answer')
  return sli
}

/** Counters of a minute each; `at` is counted from the beginning. */
async function storeOf(minutes: number, readings: (minute: number) => readonly Reading[]) {
  const store = memorySeries()
  for (let minute = 0; minute <= minutes; minute++) await store.append(readings(minute))
  return store
}

const requests = (outcome: string, minute: number, value: number, more = {}): Reading => ({
  name: 'plimsoll_gateway_requests_total',
  labels: { ...labels, ...more, outcome },
  at: minute * minuteMs,
  value,
})

describe('what a store knows of an SLO', () => {
  it('is how often a probe asked, and was not content, whatever others found', async () => {
    const found = (name: string, minute: number, value: number): Reading => ({
      name: 'plimsoll_probe_success',
      labels: { ...labels, plimsoll_probe: name },
      at: minute * minuteMs,
      value,
    })
    const store = await storeOf(120, (minute) => [
      found('front', minute, minute % 3 === 0 ? 0 : 1),
      found('back', minute, 0),
    ])
    const probe = countable({ kind: 'probe', probe: 'front' })
    const counts = await countIn(store, promise(0.99, 28), probe, 120 * minuteMs)
    expect(counts(hourMs)).toEqual({ bad: 20, total: 60, coverage: 1 })
    expect(burningOf('front', judgeSlo(promise(0.99, 28), counts))).toMatchObject([
      { window: '1h', severity: 'page', text: expect.stringContaining('burns 33.3 times as fast') },
    ])
    expect(
      (await countIn(store, promise(0.99, 28), countable({ kind: 'probe', probe: 'none' }), 0))(hourMs),
    ).toEqual({
      bad: 0,
      total: 0,
      coverage: 0,
    })
  })

  it('is what its counters count, over releases, and how much of each window is known', async () => {
    // 60 a minute, of which from the third hour on 6 fail; then another release.
    const store = await storeOf(180, (minute) => [
      requests('ok', minute, minute * 54, { service_version: 'a' }),
      requests('ok', minute, minute * 6, { service_version: 'b' }),
      requests('server_error', minute, Math.max(0, minute - 120) * 6),
      requests('abandoned', minute, minute * 1_000),
      requests('ok', minute, minute * 500, { service_name: 'other' }),
    ])
    const slo = promise(0.999, 28)
    const counts = await countIn(store, slo, countable({ kind: 'availability' }), 180 * minuteMs)
    expect(counts(hourMs)).toEqual({
      bad: expect.closeTo(360, 0),
      total: expect.closeTo(3_960, 0),
      coverage: 1,
    })
    expect(counts(6 * hourMs).coverage).toBeCloseTo(0.5, 6)
    expect(counts(slo.window).coverage).toBeCloseTo(3 / 672, 6)
    expect(burningOf('availability', judgeSlo(slo, counts))).toEqual([
      {
        slo: 'availability',
        window: '1h',
        severity: 'page',
        text: 'its availability budget burns 90.9 times as fast as evenly over 1h, where 13.4 is allowed',
      },
      expect.objectContaining({ window: '6h', severity: 'page' }),
    ])
    expect(budgetOf(slo, counts)?.burnNow).toBeCloseTo(90.9, 1)
  })

  it('is none where there are no counters', async () => {
    const store = await storeOf(0, () => [])
    const slo = promise(0.999)
    const counts = await countIn(store, slo, countable({ kind: 'availability' }), hourMs)
    expect(counts(hourMs)).toEqual({ bad: 0, total: 0, coverage: 0 })
    expect(budgetOf(slo, counts)).toBeUndefined()
    expect(burningOf('availability', judgeSlo(slo, counts))).toEqual([])
  })

  it('of latency is what lies above an edge', async () => {
    const of = (name: string, minute: number, value: number, more = {}): Reading => ({
      name: `http_server_request_duration_seconds_${name}`,
      labels: { ...labels, ...more },
      at: minute * minuteMs,
      value,
    })
    const store = await storeOf(60, (minute) => [
      of('count', minute, minute * 100),
      of('bucket', minute, minute * 90, { le: '0.25' }),
      of('bucket', minute, minute * 99, { le: '1' }),
    ])
    const bad = async (below: number) => {
      const sli = countable({ kind: 'latency', below })
      return (await countIn(store, promise(0.99), sli, hourMs))(hourMs).bad
    }
    expect(await bad(250)).toBeCloseTo(600, 0)
    expect(await bad(1_000)).toBeCloseTo(60, 0)
  })
})
