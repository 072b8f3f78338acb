import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { beforeAll, describe, expect, it } from 'vitest'
import { renderHeadroom } from '../../src/cli/commands/headroom.ts'
import { memoryScreen } from '../../src/cli/commands/screen.fixture.ts'
import { serviceConfig } from '../../src/config/schema.ts'
import { type HeadroomView, headroomView } from '../../src/contract/index.ts'
import { newLane } from '../../src/deploy/index.ts'
import { foreseeHeadroom } from '../../src/flow/foresight/headroom.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { laneRef, loadTestRef, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import { settingsFor } from '../../src/flow/settings.ts'
import type { World } from '../../src/flow/world.ts'
import type { Json, Ref } from '../../src/kernel/index.ts'
import { createCarried, createLoads, readWhatIf } from '../../src/predict/index.ts'
import { lineEvidence, sizeOf } from '../../src/predict/plan/headroom/lines.fixture.ts'
import { memorySeries, type Reading } from '../../src/series/index.ts'
import { createApp } from '../../src/server/api/app.ts'
import { headroomRoutes } from '../../src/server/api/headroom.ts'
import type { Tokens } from '../../src/server/tokens.ts'
import { viewHeadroom } from '../../src/server/views/headroom.ts'
import { promiseMetrics } from '../../src/server/views/promise-metrics.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { createBudgets } from '../../src/watch/index.ts'

const dayMs = 86_400_000
/** In the beginning. */
const base = 95
const [service, environment] = ['payments', 'production']
const labels = { service_name: service, deployment_environment_name: environment }
/** Friday. */
const now = Date.UTC(2026, 10, 27, 18)
const live = `sha256:${'b'.repeat(64)}` as const
const docs = fileURLToPath(new URL('../../docs/headroom.md', import.meta.url))

const config = serviceConfig.parse({
  service,
  start: { command: 'node src/main.js' },
  containers: { app: { port: 8080, cpus: 1, memory: '2GiB' } },
  predict: { costs: { cpuHour: 0.04, gibHour: 0.005, currency: 'GBP', per: 'month' } },
  environments: {
    production: { target: 'docker', instances: 6 },
    perf: {
      inStepWith: 'production',
      size: 1 / 3,
      loadTest: {},
      scales: 'instances share the database only',
    },
    large: {
      inStepWith: 'production',
      size: 1 / 3,
      loadTest: {},
      scales: 'instances share the database only',
      limits: { app: { cpus: 2, memory: '4GiB' } },
      differs: { limits: 'a larger size is measured' },
    },
  },
})

const containers = {
  app: {
    ...{ image: `sha256:${'c'.repeat(64)}`, port: 8080, env: {}, writable: false, capabilities: [] },
    ...{ essential: true, cpus: 1, memoryBytes: 2 * 2 ** 30 },
  },
}

/** Requests a second: busiest at noon, fewer on weekends, 2.5 % more each week; five minutes of each hour are busier. */
function rateAt(at: number, begin: number): number {
  const [day, hour] = [Math.floor(at / dayMs), (at % dayMs) / 3_600_000]
  const isWeekend = [2, 3].includes(day % 7)
  const noise = 1 + 0.05 * Math.sin(day * day) + (Math.floor(at / 300_000) % 12 === 5 ? 0.12 : 0)
  const shape = 1 + 0.7 * Math.sin((Math.PI * (hour - 6)) / 12)
  return base * 1.025 ** ((at - begin) / dayMs / 7) * shape * (isWeekend ? 0.6 : 1) * noise
}

/** Counted for so many days: each five minutes, and more often in the last four weeks. */
function counted(days: number): Reading[] {
  const begin = now - days * dayMs
  const readings: Reading[] = []
  let value = 0
  for (let at = begin; at < now; ) {
    const stepMs = at < now - 29 * dayMs ? 300_000 : 100_000
    value += (rateAt(at, begin) * stepMs) / 1_000
    at += stepMs
    readings.push({
      name: 'plimsoll_gateway_requests_total',
      labels: { ...labels, outcome: 'ok' },
      at,
      value,
    })
  }
  return readings
}

async function worldWith(days: number): Promise<World> {
  const { journal, evidence } = memoryStore()
  const put = (of: Ref, state: object) =>
    journal.create({ of, state: state as Json, events: [], effects: [], ended: false, at: now })
  await put(serviceRef(service), { ...newService(service), guard: { run: 1, commit: 'c0ffee', config } })
  const brought = { release: live, fleet: 'payments.production.1', size: 6, deployment: 'd', since: now }
  await put(laneRef(service, environment), { ...newLane(service, environment), live: brought })
  const small = { rate: 137, within: 5, instances: 2, size: sizeOf(1, 2), used: { cpu: 0.96, memory: 0.4 } }
  await evidence.put(lineEvidence(small))
  await evidence.put(
    lineEvidence({ ...small, environment: 'large', rate: 251, size: sizeOf(2, 4), used: { cpu: 0.9 } }),
  )
  const series = memorySeries()
  await series.append(counted(days))
  const clock = { now: () => now }
  // What is told here needs no more of the world.
  return {
    clock,
    journal,
    evidence,
    budgets: createBudgets(series),
    loads: createLoads(series),
    carried: createCarried(series),
    instances: { containersOf: async () => containers },
  } as unknown as World
}

const seen = async (world: World, ...whatIf: readonly string[]): Promise<HeadroomView> => {
  const read = readWhatIf(whatIf, { now, timeZone: 'Etc/UTC' })
  if ('problems' in read) throw new Error('it can be read')
  return viewHeadroom(world, service, whatIf.length > 0 ? async () => read.assumed : undefined)
}

describe('headroom by forecast', () => {
  let world: World
  beforeAll(async () => {
    world = await worldWith(120)
  })

  /** What stands in the page behind a command. */
  async function shownInDocs(command: string, view: HeadroomView) {
    const printed = renderHeadroom(view, memoryScreen())
    const page = readFileSync(docs, 'utf8')
    const block = new RegExp(`(\\$ ${command.replace(/[?*+]/g, '\\$&')}\n)[^\`]*(\`\`\`)`)
    if (process.env.UPDATE_GOLDEN)
      writeFileSync(
        docs,
        page.replace(block, (_, a, b) => `${a}${printed}${b}`),
      )
    expect(readFileSync(docs, 'utf8')).toContain(`$ ${command}\n${printed}\`\`\``)
  }

  it('says when, how likely, and what restores it, as the docs show', async () => {
    const view = await seen(world)
    const ahead = view.environments[0]?.ahead
    expect(ahead).toMatchObject({ is: 'crosses', limit: 'exact', isSoon: false })
    const month = (365.25 / 12) * 24 * 0.05
    expect(ahead?.restores).toMatchObject([
      { is: 'instances', more: 1, instances: 7, cost: { amount: expect.closeTo(month, 6), currency: 'GBP' } },
      {
        ...{ is: 'size', instances: 6, size: { cpus: 2, memoryBytes: 4 * 2 ** 30 } },
        cost: { amount: expect.closeTo(6 * month, 6) },
      },
    ])
    // By what it was made of, in the busiest five minutes of a busy day.
    const truth = now - 120 * dayMs + 7 * dayMs * (Math.log(411 / (1.16 * 1.7 * base)) / Math.log(1.025))
    expect(ahead?.crossing?.early).toBeLessThan(truth)
    expect(ahead?.crossing?.late).toBeGreaterThan(truth)
    await shownInDocs('plimsoll headroom payments', view)
  })

  it('says the same under what is assumed, beside what is true', async () => {
    const view = await seen(world, 'one instance less', 'friday 12:00 x2')
    const [place] = view.environments
    expect(place?.ahead?.is).toBe('crosses')
    expect(place?.whatIf?.assumed).toEqual([
      'there is one instance less',
      '2 times as much comes on Friday 2026-12-04 12:00 (Etc/UTC)',
    ])
    expect(place?.whatIf?.ahead.crossing?.within[30]).toBeGreaterThan(0.99)
    await shownInDocs(
      "plimsoll headroom payments --what-if 'one instance less' --what-if 'friday 12:00 x2'",
      view,
    )
    const slower = await seen(world, 'grows 0 % a week')
    expect(slower.environments[0]?.whatIf?.ahead.crossing?.within[90]).toBeLessThan(0.05)
  })

  it('says how it would be with larger instances, and of which size nobody knows it', async () => {
    await shownInDocs(
      "plimsoll headroom payments --what-if 'size 2 cpus 4GiB'",
      await seen(world, 'size 2 cpus 4GiB'),
    )
    const [place] = (await seen(world, 'size 4 cpus 8GiB')).environments
    expect(place?.line?.measured).toMatchObject([
      { environment: 'perf', size: sizeOf(1, 2), used: { cpu: 0.96, memory: 0.4 } },
    ])
    expect(place?.whatIf?.ahead).toMatchObject({
      is: 'unknown',
      text: 'nobody can say when it crosses its load line: it was measured with instances of 1 CPU and 2 GiB and of 2 CPUs and 4 GiB, and those there have 4 CPUs and 8 GiB: nobody knows what these carry',
    })
  })

  it('is found by whoever looks ahead, with what restores it', async () => {
    const [finding] = await foreseeHeadroom(world, { service, environment, config }, now)
    expect(finding).toMatchObject({
      is: 'foreseen',
      kind: 'headroom',
      text: expect.stringMatching(/^crosses its load line about /),
      next: expect.stringMatching(
        /^one more instance \(7 in all, 36\.52 GBP a month\) .*instances: 7; 6 instances of 2 CPUs and 4 GiB /,
      ),
    })
    expect(await foreseeHeadroom(world, { service, environment: 'perf', config }, now)).toEqual([])
  })

  it('is told in metrics', async () => {
    const families = await promiseMetrics(world, [])
    const of = (name: string) => families.find((one) => one.name === name)?.samples ?? []
    const dates = of('plimsoll_headroom_crossing_timestamp_seconds')
    expect(dates.map(({ labels }) => labels?.bound)).toEqual(['early', 'estimate', 'late'])
    expect(dates.every(({ value }) => value * 1_000 > now)).toBe(true)
    const chances = of('plimsoll_headroom_crossing_probability_ratio')
    expect(chances.map(({ labels }) => labels?.within)).toEqual(['7d', '30d', '90d'])
    expect(of('plimsoll_headroom_kept_until_timestamp_seconds').length).toBeGreaterThan(0)
  })

  it('is asked for over the API, which tells of all that it cannot read', async () => {
    const app = await createApp({
      logger: pino({ level: 'silent' }),
      tokens: {} as Tokens,
      onLoopback: true,
    })
    headroomRoutes(app, { world } as Plimsoll)
    const ask = (...whatIf: readonly string[]) => {
      const query = new URLSearchParams([['service', service], ...whatIf.map((text) => ['whatIf', text])])
      return app.inject(`/api/headroom?${query}`)
    }
    const answer = headroomView.parse((await ask('one instance less')).json())
    expect(answer.environments[0]?.whatIf?.assumed).toEqual(['there is one instance less'])
    const refused = await ask('one instance less', 'twice as much', 'frday 12:00 x2')
    expect(refused.statusCode).toBe(400)
    expect(refused.json()).toMatchObject({
      error: {
        code: 'PLM_WHAT_IF',
        problems: [{ at: 'whatIf[1]' }, { at: 'whatIf[2]', didYouMean: 'friday' }],
      },
    })
    await app.close()
  })

  it('goes by no line that was measured with other variables than there are now', async () => {
    const young = await worldWith(12)
    const put = (of: Ref, state: object) =>
      young.journal.create({ of, state: state as Json, events: [], effects: [], ended: true, at: now })
    const measured = settingsFor(config, 'perf', 0, '')
    const before = { ...measured, start: { ...measured.start, env: { ...measured.start.env, POOL: '5' } } }
    await put(loadTestRef('payments.perf.test-1'), { id: 'payments.perf.test-1', deployed: before })
    const line = lineEvidence({ at: now, rate: 999, instances: 2 })
    await young.evidence.put({
      ...line,
      body: { ...(line.body as object), test: 'payments.perf.test-1' } as Json,
    })
    const [place] = (await seen(young)).environments
    // The one before it is known to have been measured with no others.
    expect(place?.line?.at).toBeCloseTo(411, 6)
    await young.evidence.put({ ...line, at: now + 1, about: { ...line.about, environment: 'payments.perf' } })
    expect((await seen(young)).environments[0]?.line?.at).toBeCloseTo(2997, 6)
  })

  it('waits for three weeks of history', async () => {
    const young = await worldWith(12)
    expect((await seen(young)).environments[0]?.ahead).toMatchObject({
      is: 'unknown',
      text: expect.stringMatching(
        /^nobody can say yet when it crosses its load line: of its past 1\d days are known, expected at least 21$/,
      ),
      next: expect.stringMatching(/^wait for three weeks/),
    })
    const [finding] = await foreseeHeadroom(young, { service, environment, config }, now)
    expect(finding?.is).toBe('unforeseen')
  })
})
