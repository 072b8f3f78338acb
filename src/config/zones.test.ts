import { expect, it } from 'vitest'
import type { Json } from '../kernel/index.ts'
import { checkConfig } from './check.ts'
import { zoneOf } from './zones.ts'

const start = { command: 'node server.js' }
const heartbeats = [
  { name: 'settlement', schedule: '30 2 * * *' },
  { name: 'reports', schedule: '0 9 * * *', timeZone: 'America/New_York' },
]

function zonesIn(said: { readonly [key: string]: Json }) {
  const { config, problems } = checkConfig({ service: 'payments', start, watch: { heartbeats }, ...said })
  expect(problems).toEqual([])
  return {
    team: config?.timeZone,
    requests: config?.predict.timeZone,
    jobs: config?.watch.heartbeats.map(({ timeZone }) => timeZone),
  }
}

it("is UTC's where nobody says another", () => {
  expect(zonesIn({})).toEqual({ team: 'Etc/UTC', requests: 'Etc/UTC', jobs: ['UTC', 'America/New_York'] })
})

it("is the team's for all that say none", () => {
  expect(zonesIn({ timeZone: 'Europe/London' })).toEqual({
    team: 'Europe/London',
    requests: 'Europe/London',
    jobs: ['Europe/London', 'America/New_York'],
  })
})

it('is that of forecasts where only they say one; jobs run when they ran', () => {
  expect(zonesIn({ predict: { timeZone: 'Europe/Paris' } })).toEqual({
    team: 'Europe/Paris',
    requests: 'Europe/Paris',
    jobs: ['UTC', 'America/New_York'],
  })
})

it('may be another where the requests come from', () => {
  expect(zonesIn({ timeZone: 'Europe/London', predict: { timeZone: 'Asia/Tokyo' } })).toMatchObject({
    team: 'Europe/London',
    requests: 'Asia/Tokyo',
  })
})

it('is checked', () => {
  const { problems } = checkConfig({ service: 'payments', start, timeZone: 'Europe/Londn' })
  expect(problems).toMatchObject([{ path: ['timeZone'], didYouMean: 'Europe/London' }])
})

it('is known of configurations that were stored before it was', () => {
  expect(zoneOf(undefined)).toBe('Etc/UTC')
  expect(zoneOf({ predict: { timeZone: 'Europe/Paris' } })).toBe('Europe/Paris')
})
