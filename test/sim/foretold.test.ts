import { describe, expect, it } from 'vitest'
import { requestsMetric } from '../../src/fleet/index.ts'
import { startForetelling } from '../../src/flow/foretold/loop.ts'
import { foretoldRef, readForetold, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { Json } from '../../src/kernel/index.ts'
import { aroundOf, type ForetoldState, recordOf } from '../../src/predict/index.ts'
import { exploreCrashes, type Tale } from './explore.ts'
import { type Stage, setStage, wellBehaved } from './stage.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const of = foretoldRef('payments', 'production')
const config = { service: 'payments', slos: [], notify: [], environments: { production: {} } }

/** What the gateway counted in the ten days before, and goes on counting: more by day than by night. */
function counted(began: number) {
  const labels = {
    service_name: 'payments',
    deployment_environment_name: 'production',
    outcome: 'ok',
  }
  let value = 0
  return Array.from({ length: 2 * 24 * 14 }, (_, i) => {
    const at = began - 10 * dayMs + i * 30 * minuteMs
    value += 1_800 * (20 + 10 * Math.sin(((at % dayMs) / dayMs) * 2 * Math.PI))
    return { name: requestsMetric, labels, at, value }
  })
}

let began = 0
let first: string | undefined
let state: ForetoldState | undefined

/** So long each server lives that is not killed. */
const daysMs = 3 * dayMs + 2 * hourMs

async function live(plimsoll: Parameters<Tale['ask']>[0], stage: Stage): Promise<void> {
  const { world, runner } = plimsoll
  await world.clock.until(began)
  await stage.series.append(counted(began))
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c', config } })
  const onTrouble = (what: string, error: unknown) =>
    stage.troubles.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  const loop = startForetelling({ world, runner, series: stage.series, onTrouble })
  await world.clock.until(began + daysMs)
  await loop.stop()
}

const tale: Tale = {
  name: 'three days of forecasts',
  limitMs: 4 * dayMs,
  lookEveryMs: 30 * minuteMs,
  stage: () => {
    const stage = setStage({ scriptOf: () => wellBehaved })
    // Not at midnight, when a day has just begun.
    began = stage.clock.now() + hourMs
    state = undefined
    return stage
  },
  ask: live,
  async look(on) {
    state = await readForetold(on.store.journal, of)
  },
  over: () => state?.looks.length === 4,
  async check(on) {
    expect(on.troubles).toEqual([])
    if (!state) throw new Error('nothing was kept')
    expect(state.looks.map(({ made }) => made)).toEqual([true, true, true, true])
    // Forecasts of four days; the hours of each of the three that came were in those made before.
    expect(state.open).toHaveLength(4)
    const hours = state.scores.reduce((sum, one) => sum + one.hours + one.unknown, 0)
    const told = JSON.stringify({
      hours,
      record: recordOf(state, aroundOf(undefined, began + daysMs))?.recent,
    })
    first ??= told
    expect(told).toBe(first)
  },
}

describe('what is kept of forecasts, crashed before and after every call', () => {
  it(tale.name, { timeout: 60_000 }, async () => {
    const { points, names } = await exploreCrashes(tale)
    expect(points).toBeGreaterThan(10)
    expect(names['journal.commit']).toBeGreaterThanOrEqual(8)
    expect(JSON.parse(first ?? '{}')).toMatchObject({ record: { unknown: 0 } })
  })
})
