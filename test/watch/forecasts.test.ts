import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { expect, it } from 'vitest'
import { renderForecasts } from '../../src/cli/commands/forecast.ts'
import { memoryIo, memoryScreen } from '../../src/cli/commands/screen.fixture.ts'
import { sloImport } from '../../src/cli/commands/slo-import.ts'
import { checkConfig } from '../../src/config/check.ts'
import { requestsMetric } from '../../src/fleet/index.ts'
import { serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { Json } from '../../src/kernel/index.ts'
import { createApp } from '../../src/server/api/app.ts'
import { historyRoutes } from '../../src/server/api/history.ts'
import { createTokens } from '../../src/server/tokens.ts'
import { createForecasts } from '../../src/server/views/forecasts.ts'
import { setStage, wellBehaved } from '../sim/stage.ts'

const hourMs = 3_600_000
const halfHours = 30 * 48

/** Requests a second at a half hour, counted from the end backwards. */
type Shape = (i: number) => number
const daily: Shape = (i) => 20 + 10 * Math.sin((i / 48) * 2 * Math.PI)

/** What a counter said each half hour; `undefined` leaves one out. */
function counted(now: number, shape: Shape, edit: (value: number, i: number) => number | undefined) {
  let value = 0
  const points = Array.from({ length: halfHours }, (_, i) => {
    value += 1_800 * shape(i)
    return { at: now - (halfHours - i) * 0.5 * hourMs, value: edit(value, i) }
  })
  const kept = points.filter((one): one is { at: number; value: number } => one.value !== undefined)
  return {
    metric: { __name__: requestsMetric, outcome: 'ok' },
    values: kept.map((one) => one.value),
    timestamps: kept.map(({ at }) => at),
  }
}

const environments = ['whole', 'gaps', 'restarts', 'constant', 'idle', 'two', 'stopped', 'none']

async function open() {
  const { config } = checkConfig({
    ...{ service: 'payments', start: { command: 'serve' } },
    pipeline: { test: { steps: [{ run: 'test' }] } },
    environments: Object.fromEntries(environments.map((name, i) => [name, { port: 8080 + i }])),
  })
  const stage = setStage({ scriptOf: () => wellBehaved })
  const plimsoll = await stage.live(undefined).plimsoll
  const { series } = stage
  const { runner, world } = plimsoll
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c', config } })
  const tokens = createTokens(world.journal, world.clock)
  const app = await createApp({ logger: pino({ level: 'silent' }), tokens, onLoopback: true })
  historyRoutes(app, plimsoll, series)
  const authorization = `Bearer ${await tokens.add('ada')}`
  const bring = (environment: string, one: object) =>
    app.inject({
      method: 'POST',
      url: `/api/services/payments/environments/${environment}/history`,
      headers: { authorization },
      payload: { series: [one] },
    })
  return { world, series, bring }
}

it('says something sensible of every history that is brought along, or why it says nothing', async () => {
  const { world, bring } = await open()
  const now = world.clock.now()
  const bringAs = async (
    environment: string,
    shape: Shape,
    edit: (value: number, i: number) => number | undefined = (value) => value,
  ) => {
    const answer = await bring(environment, counted(now, shape, edit))
    expect([environment, answer.statusCode]).toEqual([environment, 200])
  }
  await bringAs('whole', daily)
  // Two days, and three hours of each, are missing.
  await bringAs('gaps', daily, (value, i) => ((i > 600 && i < 696) || i % 48 < 6 ? undefined : value))
  await bringAs('restarts', daily, (value, i) => value - 1_800 * 20 * 48 * Math.floor(i / 48))
  await bringAs('constant', () => 7)
  await bringAs('idle', () => 0)
  await bringAs('two', daily, (value, i) => (i < halfHours - 4 ? undefined : value))
  await bringAs('stopped', daily, (value, i) => (i > 1_000 ? undefined : value))
  const { places } = await createForecasts(world).view({ service: 'payments' }, false)
  const said = new Map(places.map((place) => [place.environment, place.forecast]))
  const peakOf = (environment: string): number => {
    const forecast = said.get(environment)
    if (forecast?.is !== 'forecast') throw new Error(`${environment}: ${forecast?.why}`)
    const all = [
      ...forecast.median,
      ...Object.values(forecast.bands).flatMap((band) => [...band.lower, ...band.upper]),
    ]
    expect(all.every((value) => Number.isFinite(value) && value >= 0 && value < 60)).toBe(true)
    return Math.max(...forecast.median)
  }
  expect(peakOf('whole')).toBeCloseTo(30, -0.5)
  expect(peakOf('gaps')).toBeCloseTo(30, -0.5)
  expect(peakOf('restarts')).toBeCloseTo(30, -0.5)
  expect(peakOf('constant')).toBeCloseTo(7, 1)
  expect(peakOf('idle')).toBe(0)
  const refused = Object.fromEntries(
    [...said].flatMap(([name, one]) => (one.is === 'refused' ? [[name, one.why]] : [])),
  )
  expect(refused).toEqual({
    none: '0 values are known, expected at least 8',
    stopped: 'nothing is known of the last 220 of 720 steps',
    two: '1 values are known, expected at least 8',
  })
  // Nothing has changed lately, so that hours and weeks agree.
  const whole = places.find(({ environment }) => environment === 'whole')
  expect(whole?.found).toEqual([])
  const shown = renderForecasts({ schemaVersion: 1, at: now, places }, memoryScreen())
  expect(shown).toMatch(/\n\? payments two: .*\n[^→?]*\n {2}1 values are known, expected at least 8\n/)
})

it('says what it takes to try forecasts on the past, of an environment without requests', async () => {
  const { world } = await open()
  const tried = await createForecasts(world).view({ service: 'payments', environment: 'none' }, true)
  expect(tried.places[0]?.backtest).toMatchObject({
    ...{ is: 'refused', why: 'no request of it is known yet', code: 'PLM_HISTORY_SHORT' },
    next: expect.stringMatching(/plimsoll slo import$/),
  })
})

it('takes nothing of what is said to be counted below zero, wherever it comes from', async () => {
  const { world, series } = await open()
  const now = world.clock.now()
  const labels = { service_name: 'payments', deployment_environment_name: 'whole', outcome: 'ok' }
  const { values, timestamps } = counted(now, daily, (value) => -value)
  await series.append(
    timestamps.map((at, i) => ({ name: requestsMetric, labels, at, value: values[i] ?? 0 })),
  )
  const { places } = await createForecasts(world).view({ service: 'payments' }, false)
  expect(places.find(({ environment }) => environment === 'whole')?.forecast.is).toBe('refused')
})

it('refuses what is no history, and says where', async () => {
  const { world, bring } = await open()
  const now = world.clock.now()
  const metric = { __name__: requestsMetric, outcome: 'ok' }
  const twice = await bring('whole', { metric, values: [1, 2], timestamps: [now - hourMs, now - hourMs] })
  expect(twice.json()).toMatchObject({
    error: { problems: [{ text: 'series 1 is not in order: expected the oldest first, each time once' }] },
  })
  const below = await bring('whole', {
    metric,
    values: [-1, -2],
    timestamps: [now - 2 * hourMs, now - hourMs],
  })
  expect(below.json()).toMatchObject({
    error: { problems: [{ text: 'series 1 counts below zero, expected a counter' }] },
  })
  const none = await bring('whole', { metric, values: 3, timestamps: [now, 'today'] })
  expect(none.json().error.problems).toEqual([
    { at: 'series[0].values', text: 'expected array, received number' },
    { at: 'series[0].timestamps[1]', text: 'expected number, received string' },
  ])
  const nothing = await bring('whole', {
    metric,
    values: [1, null],
    timestamps: [now - 2 * hourMs, now - hourMs],
  })
  expect([nothing.statusCode, nothing.json()]).toMatchObject([400, {}])
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-history-'))
  await writeFile(join(folder, 'h.jsonl'), '{"metric":{"__name__":"x"},"values":[NaN],"timestamps":[1]}\n')
  const importing = sloImport.run({ values: {}, positionals: ['h.jsonl', 'whole'] }, memoryIo(folder))
  await expect(importing).rejects.toMatchObject({ code: 'PLM_USAGE' })
  await rm(folder, { recursive: true })
})
