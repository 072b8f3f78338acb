import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { newLane } from '../../src/deploy/index.ts'
import { alertsRef, laneRef, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { World } from '../../src/flow/world.ts'
import type { Json, Ref } from '../../src/kernel/index.ts'
import { createCarried, createLoads } from '../../src/predict/index.ts'
import { lineEvidence } from '../../src/predict/plan/headroom/lines.fixture.ts'
import { memorySeries, readExposition, writeExposition } from '../../src/series/index.ts'
import { countEndings, ownMetrics } from '../../src/server/views/own-metrics.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { createBudgets, newAlerts, slosConfig } from '../../src/watch/index.ts'
import { serviceWith } from '../sim/life-tale.ts'
import { needs, promtoolPath } from '../support/requirements.ts'

const minuteMs = 60_000
const labels = { service_name: 'payments', deployment_environment_name: 'production' }

const now = Date.UTC(2026, 10, 28, 12)
const service = 'payments'
const live = `sha256:${'b'.repeat(64)}` as const

/** A service that runs, whose load line is known, and whose budget burns. */
async function story() {
  const { journal, evidence } = memoryStore()
  const config = {
    ...serviceWith({ afterDeployment: false }),
    slos: slosConfig.parse([{ kind: 'availability', objective: 0.99 }]),
  }
  const put = (of: Ref, state: object) =>
    journal.create({ of, state: state as Json, events: [], effects: [], ended: false, at: now })
  await put(serviceRef(service), { ...newService(service), guard: { run: 1, commit: 'c0ffee', config } })
  const brought = { release: live, fleet: 'payments.production.1', size: 1, deployment: 'd', since: now }
  await put(laneRef(service, 'production'), { ...newLane(service, 'production'), live: brought })
  const fires = { slo: 'availability', window: '1h', severity: 'page', text: 'it burns' } as const
  await put(alertsRef(service), {
    ...newAlerts(service),
    alerts: [
      { key: 'a', labels: { service, environment: 'production', ...fires }, changes: [], firedAt: now },
    ],
  })
  await evidence.put(lineEvidence({ rate: 10, within: 1, instances: 1 }))
  const series = memorySeries()
  for (let minute = 180; minute >= 0; minute--)
    await series.append(
      ['ok', 'server_error'].map((outcome) => ({
        ...{ name: 'plimsoll_gateway_requests_total', labels: { ...labels, outcome } },
        ...{ at: now - minute * minuteMs, value: (180 - minute) * 180 },
      })),
    )
  const clock = { now: () => now }
  const watched = {
    budgets: createBudgets(series),
    loads: createLoads(series),
    carried: createCarried(series),
  }
  // What is told here needs no more of the world.
  const instances = { machine: async () => ({ cpus: 2, memoryBytes: 2 ** 32 }) }
  const world = { clock, journal, evidence, instances, ...watched } as unknown as World
  return { world, series }
}

it('says what is promised, what burns and what is left of the load line, as Prometheus likes it', async () => {
  const { world, series } = await story()
  const watching = {
    series,
    storage: async () => ({ because: 'it is in memory here' }),
    collector: { states: () => [], stats: () => ({ looks: 1, readings: 2, refused: 0, problems: {} }) },
  }
  const families = await ownMetrics({ world }, watching, await countEndings(world.journal))
  const text = writeExposition(families)
  const { samples, malformed } = readExposition(text)
  expect(malformed).toEqual([])
  const valueIn = (name: string, more: Readonly<Record<string, string>> = {}) =>
    samples.find(
      (one) =>
        one.name === name &&
        Object.entries({ ...labels, ...more }).every(([label, value]) => one.labels[label] === value),
    )?.value
  const slo = { slo: 'availability' }
  expect(valueIn('plimsoll_slo_objective_ratio', slo)).toBe(0.99)
  expect(valueIn('plimsoll_slo_burn_ratio', { ...slo, window: '1h' })).toBeCloseTo(50, 6)
  expect(valueIn('plimsoll_slo_budget_left_ratio', slo)).toBeCloseTo(1 - (50 * 3) / 672, 6)
  expect(valueIn('plimsoll_alerts_firing', { ...slo, severity: 'page', window: '1h' })).toBe(1)
  expect(valueIn('plimsoll_headroom_load_line_requests_per_second', { bound: 'estimate' })).toBe(10)
  expect(valueIn('plimsoll_headroom_busiest_hour_requests_per_second')).toBeCloseTo(6, 6)
  expect(valueIn('plimsoll_headroom_left_ratio', { bound: 'estimate' })).toBeCloseTo(0.4, 6)
  expect(valueIn('plimsoll_headroom_left_ratio', { bound: 'low' })).toBeCloseTo(1 - 6 / 9, 6)
  expect(valueIn('plimsoll_headroom_known_ratio')).toBeGreaterThan(0)
  if (!needs('promtool').missing) execFileSync(promtoolPath, ['check', 'metrics'], { input: text })
  const docs = readFileSync(new URL('../../docs/health.md', import.meta.url), 'utf8')
  const listed = new Set([...docs.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name))
  expect(families.map(({ name }) => name).filter((name) => !listed.has(name))).toEqual([])
})
