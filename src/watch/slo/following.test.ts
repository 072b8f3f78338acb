import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { memorySeries, type Reading, type SeriesStore } from '../../series/index.ts'
import { eventsOf, sliOf } from '../plan/slo/sli.ts'
import { dayMs, hourMs, minuteMs, usualLowTraffic } from '../plan/slo/traffic.fixture.ts'
import { countedWindows } from '../plan/slo/windows.ts'
import type { SloConfig } from '../slo-config.ts'
import { countIn } from './counting.ts'
import { followEvents } from './following.ts'

const scope = { service: 'payments', environment: 'production' }
const labels = { service_name: 'payments', deployment_environment_name: 'production' }
const common = { objective: 0.99, window: 7 * dayMs, lowTraffic: usualLowTraffic }
const availability: SloConfig = { ...common, kind: 'availability', name: 'availability' }
const latency: SloConfig = { ...common, kind: 'latency', name: 'latency', below: 250 }
const probe: SloConfig = { ...common, kind: 'probe', name: 'probe', probe: 'front' }

/** A gateway whose fleets come and go, that is started anew, and that nobody looked at for a while. */
function createTraffic(seed: number) {
  const random = seededRandom(seed)
  const fleets = new Map<number, { ok: number; bad: number }>([[1, { ok: 0, bad: 0 }]])
  const known = new Set<number>()
  let share = 0
  return {
    change(): void {
      share = random.next() < 0.5 ? 0 : random.next() * 0.4
      if (random.next() < 0.3) fleets.set(fleets.size + 1, { ok: 0, bad: 0 })
      if (random.next() < 0.2) for (const fleet of fleets.values()) Object.assign(fleet, { ok: 0, bad: 0 })
    },
    async tell(store: SeriesStore, at: number, sinceMs: number): Promise<void> {
      for (const [name, fleet] of fleets) {
        const requests = Math.round((sinceMs / 1_000) * 5 * (0.9 + 0.2 * random.next()))
        const bad = Math.round(requests * share)
        const own = { ...labels, plimsoll_fleet: String(name) }
        const of = (metric: string, more: Record<string, string>, value: number): Reading => ({
          ...{ name: metric, labels: { ...own, ...more }, at, value },
        })
        const duration = 'http_server_request_duration_seconds'
        const say = (): Reading[] => [
          of('plimsoll_gateway_requests_total', { outcome: 'ok' }, fleet.ok),
          of('plimsoll_gateway_requests_total', { outcome: 'server_error' }, fleet.bad),
          of(`${duration}_bucket`, { le: '0.25' }, fleet.ok),
          of(`${duration}_count`, {}, fleet.ok + fleet.bad),
        ]
        if (!known.has(name))
          await store.append(say().map((one) => ({ ...one, at: at - sinceMs + 1, value: 0 })))
        known.add(name)
        fleet.ok += requests - bad
        fleet.bad += bad
        await store.append(say())
      }
      await store.append([
        {
          ...{ name: 'plimsoll_probe_success', labels: { ...labels, plimsoll_probe: 'front' }, at },
          value: share > 0.2 ? 0 : 1,
        },
      ])
    },
  }
}

type Traffic = ReturnType<typeof createTraffic>

function follow(store: SeriesStore, slo: SloConfig) {
  const [sli, events] = [sliOf(slo, scope), eventsOf(slo, scope)]
  if (sli.is !== 'queries' || !events) throw new Error('only a Prometheus could answer')
  return {
    following: followEvents(store, { events, periodMs: slo.window, number: 1 }),
    exactly: (at: number) => countIn(store, slo, sli, at),
  }
}

/** To the first look of a window, of which what is counted afresh takes the mean of the others. */
async function compare({ following, exactly }: ReturnType<typeof follow>, at: number, when: string) {
  const [now, exact] = [await following(at), await exactly(at)]
  for (const { lengthMs } of countedWindows(common.window)) {
    const [a, b] = [now(lengthMs), exact(lengthMs)]
    const where = `${lengthMs / minuteMs} min at ${when}: ${JSON.stringify([a, b])}`
    expect(Math.abs(a.total - b.total), where).toBeLessThanOrEqual(40 + b.total * 0.03)
    expect(Math.abs(a.bad - b.bad), where).toBeLessThanOrEqual(40 + b.bad * 0.12)
    expect(Math.abs(a.coverage - b.coverage), where).toBeLessThanOrEqual(1 / 11)
  }
}

/** A day and a bit, each minute. */
async function tellDays(store: SeriesStore, traffic: Traffic, from: number): Promise<void> {
  for (let minute = 0; minute < 26 * 60; minute++) {
    if (minute % 180 === 0) traffic.change()
    await traffic.tell(store, from + minute * minuteMs, minuteMs)
  }
}

describe('counts that are followed', () => {
  it.each([1])('are those that are counted afresh, whatever happens (%i)', async (seed) => {
    const store = memorySeries()
    const traffic = createTraffic(seed)
    const followed = [availability, latency, probe].map((slo) => follow(store, slo))
    const from = Date.UTC(2026, 10, 1)
    await tellDays(store, traffic, from)
    // Looks every 15 seconds for five hours; in the third nobody looks for half an hour.
    for (let look = 1; look < 5 * 240; look++) {
      if (look % 80 === 0) traffic.change()
      if (look > 480 && look < 600) continue
      const at = from + 26 * hourMs + look * 15_000
      await traffic.tell(store, at, 15_000)
      await Promise.all(followed.map(({ following }) => following(at)))
      if (look % 187 === 0) await Promise.all(followed.map((one) => compare(one, at, `${look / 4} min`)))
    }
  })

  it('know nothing where nothing was told, and all of what is told later', async () => {
    const store = memorySeries()
    const { following } = follow(store, availability)
    expect((await following(hourMs))(5 * minuteMs)).toEqual({ bad: 0, total: 0, coverage: 0 })
    const name = 'plimsoll_gateway_requests_total'
    const say = (at: number, value: number) =>
      store.append([{ name, labels: { ...labels, outcome: 'lost' }, at, value }])
    await say(hourMs + 1, 0)
    await say(hourMs + 15_000, 7)
    // Two at once count nothing twice.
    const [counts] = await Promise.all([hourMs + 20_000, hourMs + 20_000].map((at) => following(at)))
    expect(counts?.(5 * minuteMs)).toEqual({ bad: 7, total: 7, coverage: 1 })
    expect((await following(hourMs + 30_000))(hourMs)).toEqual({ bad: 7, total: 7, coverage: 1 / 12 })
    await say(3 * hourMs, 9)
    // Nobody looked for two hours; it happened some time in between.
    const later = await following(3 * hourMs + 1_000)
    expect(later(6 * hourMs)).toMatchObject({ bad: 9, total: 9 })
    expect(later(5 * minuteMs).coverage).toBe(0)
  })
})
