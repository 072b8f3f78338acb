import { expect, it } from 'vitest'
import { memorySeries } from '../series/index.ts'
import { createLoads } from './loads.ts'

const minuteMs = 60_000
const hourMs = 3_600_000

it('reads the busiest hour of all outcomes and releases, and of how many hours anything is known', async () => {
  const store = memorySeries()
  const labels = { service_name: 'payments', deployment_environment_name: 'production' }
  // 60 and 30 a minute in the first hour, twice that in the second; nothing for a day; then a little.
  const put = (minute: number, value: number, more: Record<string, string>) =>
    store.append([
      {
        name: 'plimsoll_gateway_requests_total',
        labels: { ...labels, ...more },
        at: minute * minuteMs,
        value,
      },
    ])
  for (let minute = 0; minute <= 120; minute++) {
    const counted = Math.min(minute, 60) + 2 * Math.max(0, minute - 60)
    await put(minute, counted * 60, { outcome: 'ok', service_version: 'a' })
    await put(minute, counted * 30, { outcome: 'abandoned', service_version: 'b' })
    await put(minute, counted * 900, { outcome: 'ok', service_name: 'other' })
  }
  for (let minute = 1_560; minute <= 1_620; minute++) await put(minute, minute, { outcome: 'ok' })
  const loads = createLoads(store)
  const place = { service: 'payments', environment: 'production' }
  const load = await loads.loadOf(place, 1_625 * minuteMs)
  expect(load).toMatchObject({ known: 3, sought: 672 })
  expect(load.busiest).toEqual({ from: hourMs, ratePerSecond: expect.closeTo(3, 1) })
  // The hour until now counts before it is over.
  for (let minute = 1_630; minute <= 1_660; minute++)
    await put(minute, minute * 1_000, { outcome: 'ok', service_version: 'c' })
  const soon = await loads.loadOf(place, 1_630 * minuteMs)
  expect(soon).toEqual(load)
  const later = await loads.loadOf(place, 1_660 * minuteMs, true)
  expect(later.busiest?.from).toBe(1_600 * minuteMs)
  expect(await loads.loadOf({ ...place, environment: 'staging' }, hourMs)).toEqual({ known: 0, sought: 672 })
})
