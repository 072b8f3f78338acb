import { expect, it } from 'vitest'
import { serviceConfig } from '../../src/config/schema.ts'
import { foretellers } from '../../src/flow/foresight/index.ts'
import { deploymentRef, runRef, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { Json, Ref } from '../../src/kernel/index.ts'
import type { Reading } from '../../src/series/index.ts'
import { release, setStage, wellBehaved } from '../sim/stage.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const place = { service_name: 'payments', deployment_environment_name: 'production' }
const config = serviceConfig.parse({
  service: 'payments',
  pipeline: { test: { steps: [{ run: 'npm test' }], timeout: '30m' } },
  slos: [{ kind: 'availability', objective: 0.999 }],
  probes: [{ kind: 'tls', name: 'pay-tls', host: 'pay.example.org' }],
  predict: {
    pipeline: '20m',
    watched: [
      {
        name: 'postgres',
        kind: 'connections',
        metric: 'pg_stat_activity_count',
        full: 'pg_settings_max_connections',
      },
      { name: 'settlements', kind: 'queue', metric: 'messages{queue="settlements"}', full: 1_000 },
    ],
  },
  environments: { production: {} },
})

async function setUp() {
  const stage = setStage({ scriptOf: () => wellBehaved })
  const now = stage.clock.now()
  const { world, runner } = await stage.live(undefined).plimsoll
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  const record = (of: Ref, state: object) =>
    stage.store.journal.create({
      ...{ of, state: state as Json, events: [], effects: [], ended: true, at: now },
    })
  const hourly = (
    name: string,
    days: number,
    valueAt: (hour: number) => number,
    labels: Readonly<Record<string, string>> = {},
  ): Reading[] =>
    Array.from({ length: days * 24 }, (_, hour) => ({
      ...{ name, labels: { ...place, ...labels }, value: valueAt(hour) },
      at: now - days * dayMs + (hour + 0.5) * hourMs,
    }))
  const told = async (kind: string) => {
    const one = foretellers.find(({ kinds }) => (kinds as readonly string[]).includes(kind))
    const found = await one?.foresee(world, { service: 'payments', environment: 'production', config }, now)
    return (found ?? []).map(({ text, ...rest }) => ('found' in rest ? [text, ...rest.found] : [text]))
  }
  return { now, series: stage.series, record, hourly, told }
}

it('says when a budget ends, and what one more would cost like the newest that spent something', async () => {
  const { now, series, record, told } = await setUp()
  // 10,000 requests an hour; for two hours, four days ago, 20 % of all failed, and 0.03 % of the others.
  const failedAt = (hour: number): number => (hour >= 24 * 24 && hour < 24 * 24 + 2 ? 2_000 : 3)
  // A counter is read four times an hour.
  const counted = (outcome: string, of: (hour: number) => number): Reading[] => {
    let sum = 0
    return Array.from({ length: 28 * 24 * 4 }, (_, i) => {
      sum += of(Math.floor(i / 4)) / 4
      const at = now - 28 * dayMs + ((i + 1) * hourMs) / 4
      return { name: 'plimsoll_gateway_requests_total', labels: { ...place, outcome }, at, value: sum }
    })
  }
  await series.append(counted('ok', (hour) => 10_000 - failedAt(hour)))
  await series.append(counted('server_error', failedAt))
  const at = now - 4 * dayMs
  await record(deploymentRef('payments.production.7'), {
    ...{ id: 'payments.production.7', service: 'payments', environment: 'production', number: 7 },
    ...{
      release: release(7),
      rail: [{}],
      standing: 'passed',
      requestedAt: at,
      startedAt: at,
      endedAt: at + hourMs,
    },
  })
  const [[text, spent, often, another, cost] = []] = await told('budget')
  expect(text).toMatch(/^its availability budget (ends about|is not seen to end)/)
  expect(spent).toMatch(/^8\d % of it is spent over 28 days, \d+([.]\d)? % in the last 3$/)
  expect(often).toMatch(/^once in 28 days an hour spent 2 % or more, and may again as often$/)
  expect(another).toMatch(
    /^one more incident like that of 28 December 2025, which spent [56]\d % of it, ends it: 1\d % is left$/,
  )
  expect(cost).toMatch(/^one more like a70000000000 of 28 December 2025 would spend [56]\d % of it$/)
})

it('says what fills up by what is collected, and what nobody knows', async () => {
  const { series, hourly, told } = await setUp()
  const app = { container_name: 'app', instance: 'payments.production.1/0' }
  const leak = (hour: number): number => 200 + ((hour / 24) % 12) * 10
  await series.append(hourly('container_memory_usage_bytes', 48, leak, app))
  await series.append(hourly('container_memory_limit_bytes', 48, () => 512, app))
  for (const state of ['active', 'idle'])
    await series.append(
      hourly('pg_stat_activity_count', 30, (hour) => 20 + hour / 24, { instance: 'db:9187', state }),
    )
  await series.append(hourly('pg_settings_max_connections', 30, () => 120, { instance: 'db:9187' }))
  const open = { instance: 'payments.production.1/0' }
  await series.append(hourly('process_open_fds', 3, () => 30, open))
  await series.append(hourly('process_max_fds', 3, () => 1_024, open))
  const found = (await told('disk')).map(([text]) => text)
  expect(found).toEqual([
    'memory app is not seen to be full within 180 days',
    'files: 3 days are known, expected at least 5',
    expect.stringMatching(/^connections postgres are used up about \d+ January( \(80 %: [^)]+\))?$/),
    'queue settlements: nothing is known of messages{queue="settlements"} in the last day',
  ])
  expect(await told('certificate')).toEqual([['certificate pay-tls: it was not seen in the last day']])
})

it('says what nobody limits', async () => {
  const { series, hourly, told } = await setUp()
  await series.append(
    hourly('process_memory_usage_bytes', 1, () => 1e8, { instance: 'payments.production.1/0' }),
  )
  expect((await told('memory')).at(-1)?.[0]).toBe(
    'memory: nothing is known to limit it, so that nobody can say when it is full',
  )
})

it('says when the pipeline of the protected branch takes too long', async () => {
  const { now, record, told } = await setUp()
  for (let i = 0; i < 60; i++) {
    const endedAt = now - (60 - i) * 0.5 * dayMs
    const ms = 10 * 60_000 + i * 8_000
    const id = `payments.${i + 1}`
    await record(runRef(id), {
      ...{
        id,
        service: 'payments',
        change: { branch: i % 10 === 9 ? 'slow' : 'main' },
        verdict: { is: 'pass' },
      },
      jobs: {
        test: { stage: 'ended', standing: 'passed', startedAt: endedAt - ms + 60_000, endedAt, steps: [] },
      },
      ...{ phase: 'ended', startedAt: endedAt - (i % 10 === 9 ? 9 * ms : ms), endedAt },
    })
  }
  const [whole = [], job = []] = await told('pipeline')
  expect(whole[0]).toMatch(
    /^its pipeline takes 17 m \d\d s and will pass 20 m 00 s, which is the longest it may, about \d+ January/,
  )
  expect(job[0]).toMatch(
    /^job test of its pipeline takes 16 m \d\d s and will pass its timeout of 30 m 00 s, about \d+ \w+/,
  )
})
