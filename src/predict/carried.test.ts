import { expect, it } from 'vitest'
import { memorySeries, over, series } from '../series/index.ts'
import { createCarried } from './carried.ts'

const minuteMs = 60_000

it('reads five minutes by five minutes what a gateway has counted, and remembers it for a while', async () => {
  const store = memorySeries()
  const labels = { service_name: 'payments', deployment_environment_name: 'production' }
  const put = (minute: number, outcome: string, value: number) =>
    store.append([
      {
        name: 'plimsoll_gateway_requests_total',
        labels: { ...labels, outcome },
        at: minute * minuteMs,
        value,
      },
    ])
  // 10/s, but for 20/s from minute 20 to 30, of which one in five fails from minute 25 on.
  let [ok, lost] = [0, 0]
  for (let minute = 0; minute <= 60; minute++) {
    await put(minute, 'ok', ok)
    await put(minute, 'lost', lost)
    const isBusy = minute >= 20 && minute < 30
    const fails = minute >= 25 && isBusy ? 240 : 0
    ok += (isBusy ? 1_200 : 600) - fails
    lost += fails
  }
  const of = (outcome?: string) => (windowMs: number) =>
    over(
      'increase',
      series('plimsoll_gateway_requests_total', { ...labels, ...(outcome ? { outcome } : {}) }),
      windowMs,
    )
  const carried = createCarried(store)
  const question = {
    ...{ service: 'payments', environment: 'production', release: 'b', instances: 2 },
    lives: [{ release: 'b', instances: 2, from: 5 * minuteMs }],
    promises: [{ objective: 0.99, bad: of('lost'), total: of('ok') }],
  }
  const found = await carried.carriedBy(question, 60 * minuteMs)
  expect(found).toMatchObject({ from: 20 * minuteMs, to: 25 * minuteMs, release: 'b', instances: 2 })
  expect(found?.ratePerSecond).toBeCloseTo(20, 0)
  expect(await carried.carriedBy(question, 65 * minuteMs)).toBe(found)
  expect(await carried.carriedBy({ ...question, promises: [] }, 90 * minuteMs)).toBeUndefined()
  // The busiest hours are known by the hour before any of their minutes is read.
  for (let minute = 61; minute <= 30 * 60; minute++) {
    await put(minute, 'ok', ok)
    await put(minute, 'lost', lost)
    ok += minute >= 700 && minute < 710 ? 3_000 : 600 - (minute % 7)
  }
  const longer = await carried.carriedBy(question, 30 * 60 * minuteMs)
  expect(longer).toMatchObject({ from: 700 * minuteMs, to: 705 * minuteMs })
  expect(longer?.ratePerSecond).toBeCloseTo(50, 0)
  const later = [{ release: 'b', instances: 2, from: 31 * minuteMs }]
  const lately = await carried.carriedBy({ ...question, lives: later }, 60 * minuteMs)
  expect(lately?.ratePerSecond).toBeCloseTo(10, 0)
})
