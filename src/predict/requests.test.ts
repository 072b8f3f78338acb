import { expect, it } from 'vitest'
import { memorySeries, type Reading } from '../series/index.ts'
import { hourlyRequests } from './requests.ts'

const hourMs = 3_600_000
const from = Date.UTC(2026, 2, 2)
const place = { service: 'payments', environment: 'production' }

/** Counters of two releases, read each five minutes for so many hours: hour n has n requests a second of each. */
function counted(hours: number): Reading[] {
  let total = 0
  return Array.from({ length: hours * 12 + 1 }, (_, i) => {
    const at = from + i * 300_000
    if (i > 0) total += 300 * Math.floor((i - 1) / 12)
    return ['old', 'new'].map((version) => ({
      name: 'plimsoll_gateway_requests_total',
      labels: {
        service_name: place.service,
        deployment_environment_name: place.environment,
        service_version: version,
        outcome: 'success',
      },
      at,
      value: total,
    }))
  }).flat()
}

it('is the requests of each hour that is over, of all releases', async () => {
  const store = memorySeries({})
  await store.append(counted(6))
  const { from: begin, stepMs, values } = await hourlyRequests(store, place, from + 6 * hourMs + 1_000)
  expect({ begin, stepMs }).toEqual({ begin: from, stepMs: hourMs })
  expect(Array.from(values).map(Math.round)).toEqual([0, 2, 4, 6, 8, 10])
})

it('goes up to now though nothing was counted lately, and is empty where nothing ever was', async () => {
  const store = memorySeries({})
  await store.append(counted(3))
  const { values } = await hourlyRequests(store, place, from + 9 * hourMs)
  expect(values).toHaveLength(9)
  expect(values[8]).toBeNaN()
  expect((await hourlyRequests(store, { ...place, environment: 'other' }, from)).values).toHaveLength(0)
})
