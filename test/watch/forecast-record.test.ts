import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { renderForecasts } from '../../src/cli/commands/forecast.ts'
import { memoryScreen } from '../../src/cli/commands/screen.fixture.ts'
import { checkConfig } from '../../src/config/check.ts'
import { forecastsView } from '../../src/contract/index.ts'
import { requestsMetric } from '../../src/fleet/index.ts'
import { lookAtForecast } from '../../src/flow/foretold/look.ts'
import { futureRef, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { World } from '../../src/flow/world.ts'
import { type Json, seededRandom } from '../../src/kernel/index.ts'
import { type FutureState, newFuture } from '../../src/predict/index.ts'
import { recordFamilies } from '../../src/server/views/forecast-record.ts'
import { createForecasts } from '../../src/server/views/forecasts.ts'
import { setStage, wellBehaved } from '../sim/stage.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const labelsOf = (environment: string) => ({
  service_name: 'payments',
  deployment_environment_name: environment,
})
const docs = new URL('../../docs/forecast.md', import.meta.url)
const place = { service: 'payments', environment: 'production' }

/** Requests a second at a half hour, after so many of them. */
type Shape = (i: number) => number

/** More by day than by night, and never quite the same. */
function usual(): Shape {
  const random = seededRandom(2)
  const noise = Array.from({ length: 37 * 48 }, () => 0.9 + 0.2 * random.next())
  return (i) => (20 + 10 * Math.sin((i / 24) * Math.PI)) * (noise[i] ?? 1)
}

/** Of late each week is the one before, to the request. */
function repeated(): Shape {
  const [random, before] = [seededRandom(2), usual()]
  const week = Array.from({ length: 336 }, () => 5 + 40 * random.next())
  return (i) => (i < 18 * 48 ? before(i) : (week[i % 336] ?? 0))
}

/** A gateway that has counted for 25 days before `began` and for twelve after. */
function counted(environment: string, shape: Shape, began: number) {
  const labels = labelsOf(environment)
  let value = 0
  return Array.from({ length: 37 * 48 }, (_, i) => {
    const at = began - 25 * dayMs + i * 30 * minuteMs
    value += 1_800 * shape(i)
    return { name: requestsMetric, labels: { ...labels, outcome: 'ok' }, at, value }
  })
}

const { config } = checkConfig({
  ...{ service: 'payments', start: { command: 'serve' } },
  pipeline: { test: { steps: [{ run: 'test' }] } },
  environments: { production: { port: 8080 }, staging: { port: 8081 } },
})

it('the record is shown with each forecast, and says when the week before was as good', async () => {
  const stage = setStage({ scriptOf: () => wellBehaved })
  const { series } = stage
  const { world, runner } = await stage.live(undefined).plimsoll
  const began = world.clock.now()
  await series.append(counted('production', usual(), began))
  await series.append(counted('staging', repeated(), began))
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c', config } })
  const worldAt = (at: number): World => ({ ...world, clock: { ...world.clock, now: () => at } })
  const look = async (day: number) => {
    for (const environment of ['production', 'staging'])
      await lookAtForecast(
        {
          ...{ world: worldAt(began + day * dayMs + 10 * minuteMs), runner, series },
          onTrouble: (what, error) => expect({ what, error }).toBeUndefined(),
        },
        { ...place, environment, config: config as NonNullable<typeof config> },
      )
  }
  for (const day of [0, 1, 2, 3]) await look(day)
  // From the fourth day on it is known that a disk will be full.
  const disk = { ...place, kind: 'disk', name: '/data' } as const
  const future: FutureState = {
    ...newFuture(disk),
    foundAt: began + 4 * dayMs,
    ticket: { isOpen: true, since: began + 4 * dayMs, against: 0 },
    finding: {
      ...{ is: 'foreseen', kind: 'disk', name: '/data', text: 'disk /data is full', found: [], next: 'look' },
      ...{ isThere: false, leadDays: 30, withinLead: 1 },
      crossing: {
        ...{ date: began + 10 * dayMs, within: { 7: 1, 30: 1, 90: 1 }, futures: 400, horizonDays: 180 },
        ...{ from: began, why: 'it grows' },
      },
    },
  }
  await world.journal.create({
    ...{ of: futureRef(disk), state: future as unknown as Json, events: [], effects: [], ended: false },
    at: began,
  })
  for (const day of [4, 5, 7, 8, 9, 10]) await look(day)

  const now = began + 10 * dayMs + hourMs
  const view = forecastsView.parse(await createForecasts(worldAt(now)).view({ service: 'payments' }, true))
  const [production, staging] = view.places
  expect(production?.record).toMatchObject({
    ...{ forecasts: 10, refused: 0, missed: 1, recent: { hours: 1_080, isBetterThanNaive: true } },
    warnings: [{ kind: 'disk', name: '/data', outcome: 'open' }],
  })
  expect(staging?.record).toMatchObject({ recent: { isBetterThanNaive: false }, warnings: [] })
  expect(production?.forecast.why).not.toContain('week before')
  expect(staging?.forecast.why).toMatch(
    /; in the last 10 days it was no better than the same hour a week before$/,
  )
  const lines = renderForecasts(view, memoryScreen()).split('\n')
  const shown = (begin: string) => lines.filter((line) => line.startsWith(`  ${begin}`))
  expect(shown('record: ')[1]).toContain('; it was no better than the same hour a week before')
  // What is asked of the past afterwards is not the record.
  expect(shown('backtest')).toHaveLength(2)
  // As the page of the documentation shows it, whatever the models make of the numbers.
  const anyNumber = (text: string) => text.replace(/\d+(\.\d+)?/g, 'n')
  expect(anyNumber(readFileSync(docs, 'utf8'))).toContain(
    anyNumber([shown('record: ')[0], shown('warnings: ')[0], ''].join('\n')),
  )
  const families = await recordFamilies(worldAt(now))
  const samplesOf = (name: string) => families.find((one) => one.name === name)?.samples
  const labels = labelsOf('production')
  expect(samplesOf('plimsoll_forecast_compared_hours')).toContainEqual({ labels, value: 1_080 })
  const levels = samplesOf('plimsoll_forecast_coverage_ratio')?.map((one) => one.labels?.level)
  expect(levels?.toSorted()).toEqual(['50', '50', '80', '80', '95', '95'])
})
