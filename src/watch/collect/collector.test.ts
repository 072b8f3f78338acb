import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { realClock } from '../../host/index.ts'
import { memorySeries, type SeriesStore, select, series } from '../../series/index.ts'
import { type Collector, startCollector } from './collector.ts'
import type { Surroundings } from './looks.ts'
import type { Watched } from './plan/watched.ts'

const servers: Server[] = []
const collectors: Collector[] = []

afterEach(async () => {
  await Promise.all(collectors.splice(0).map((one) => one.stop()))
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(handler: RequestListener): Promise<string> {
  const server = createServer(handler)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`
}

const saying =
  (lines: () => readonly string[], type = 'text/plain'): RequestListener =>
  (_, response) => {
    response.setHeader('content-type', type)
    response.end(`${lines().join('\n')}\n`)
  }

const intervalMs = 200
const pay: Watched = {
  ...{ service: 'pay', environment: 'production', intervalMs, mostSamples: 50, belowMs: [] },
  ...{ targets: [], instances: [], probes: [] },
}

function collect(
  watched: () => readonly Watched[],
  more: Partial<Surroundings> = {},
  store: SeriesStore = memorySeries(),
) {
  const troubles: string[] = []
  const collector = startCollector({
    store,
    clock: realClock,
    around: {
      watched: async () => watched(),
      traffic: async () => {
        throw new Error('there is no gateway')
      },
      versions: async () => ({}),
      secrets: async () => ({}),
      heartbeats: async () => [],
      journey: async () => ({ steps: [], durationMs: 0, isWhole: true }),
      uses: async () => new Map(),
      ...more,
    },
    onTrouble: (what, error) => troubles.push(`${what}: ${error instanceof Error ? error.message : error}`),
  })
  collectors.push(collector)
  return { collector, store, troubles }
}

/** Looks again and again until something is so; how long that takes is a matter of what else the machine does. */
const soon = <T>(look: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(look, { timeout: 15_000, interval: 50 })
const ups = async (store: SeriesStore) =>
  Object.fromEntries(
    (await store.instant(select(series('up')), Date.now())).map(({ labels, value }) => [
      labels.instance,
      value,
    ]),
  )
const problemsOf = (collector: Collector, name: string) =>
  collector
    .states()
    .find((one) => one.name === name)
    ?.problems.map(({ text }) => text)

describe('the collector', () => {
  it('takes what is told, and is held up by nobody who is slow, lies or breaks off', async () => {
    let paid = 0
    const urls = {
      good: await serve(saying(() => ['# TYPE paid_total counter', `paid_total ${++paid}`])),
      open: await serve(
        saying(() => ['# TYPE heat gauge', 'heat 3', '# EOF'], 'application/openmetrics-text; version=1.0.0'),
      ),
      slow: await serve(() => {}),
      trickling: await serve((_, response) => {
        const timer = setInterval(() => response.write('a 1\n'), 20)
        response.on('close', () => clearInterval(timer))
      }),
      wrong: await serve(saying(() => ['heat 3', 'heat four', 'cold 5'])),
      many: await serve(saying(() => Array.from({ length: 60 }, (_, i) => `seen_total{client="${i}"} 1`))),
      broken: await serve((_, response) => {
        response.write('heat 3\n')
        setTimeout(() => response.destroy(), 20)
      }),
      failing: await serve((_, response) => response.writeHead(503).end('heat 3\n')),
    }
    const targets = Object.entries(urls).map(([instance, url]) => ({ instance, url }))
    const { collector, store, troubles } = collect(() => [{ ...pay, targets }])
    const taken = await soon(async () => {
      expect(await ups(store)).toEqual({
        ...{ good: 1, open: 1, wrong: 1 },
        ...{ slow: 0, trickling: 0, many: 0, broken: 0, failing: 0 },
      })
      expect(collector.stats().problems.malformed).toBeGreaterThanOrEqual(5)
      const [found] = await store.select(series('paid_total'), 0, Date.now())
      expect(found?.values.length).toBeGreaterThanOrEqual(5)
      return found
    })
    // Each answer once, in order; one that came too late for its look is not taken.
    const values = [...(taken?.values ?? [])]
    expect(values).toEqual([...new Set(values)].sort((a, b) => a - b))
    expect(values.every((value) => value <= paid)).toBe(true)
    expect(taken?.labels).toEqual({
      ...{ service_name: 'pay', deployment_environment_name: 'production', instance: 'good' },
    })
    expect((await store.select(series('cold'), 0, Date.now()))[0]?.labels.instance).toBe('wrong')
    // Of the newest look each, which on a busy machine may have been too late.
    await soon(() => {
      expect(problemsOf(collector, 'wrong')).toEqual(['line 2 (heat four) expected a number at column 6'])
      expect(problemsOf(collector, 'slow')).toEqual(['did not answer within 200 ms'])
      expect(problemsOf(collector, 'many')).toEqual(['told more than 50 series, which are all that it may'])
      expect(problemsOf(collector, 'failing')).toEqual(['answered 503'])
      expect(problemsOf(collector, 'broken')).toEqual(['broke off its answer'])
    })
    expect(troubles).toEqual([])
  })

  it('stops listening to one that tells without end', async () => {
    const piece = '# filling the memory of whoever listens\n'.repeat(25_000)
    const url = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(piece));
      }
      response.on('drain', more)
      more()
    })
    const { collector } = collect(() => [{ ...pay, intervalMs: 2_000, targets: [{ instance: 'huge', url }] }])
    await soon(() => expect(problemsOf(collector, 'huge')).toEqual(['answered more than 4 MiB']))
  })

  it('ends the series of a target that goes away, and does not call one down that was stopped in order', async () => {
    const url = await serve(saying(() => ['heat 3']))
    let targets = [{ instance: 'here', url, version: 'abc' }]
    const { store } = collect(() => [{ ...pay, intervalMs: 1_000, targets }])
    await soon(async () => expect(await ups(store)).toEqual({ here: 1 }))
    targets = []
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      server.close()
    }
    await soon(async () => expect(await ups(store)).toEqual({}))
    expect(await store.instant(select(series('heat')), Date.now())).toEqual([])
    const [before] = await store.select(series('up'), 0, Date.now())
    expect([...(before?.values ?? [])]).not.toContain(0)
  })

  it('ends the series that a target does not tell any more, and all of them while it is down', async () => {
    let lines = ['heat 3', 'cold 4']
    let status = 200
    const url = await serve((_, response) => response.writeHead(status).end(`${lines.join('\n')}\n`))
    const { store } = collect(() => [{ ...pay, targets: [{ instance: 'a', url }] }])
    const now = async () =>
      (
        await Promise.all(['heat', 'cold'].map((name) => store.instant(select(series(name)), Date.now())))
      ).map(([one]) => one?.value)
    await soon(async () => expect(await now()).toEqual([3, 4]))
    lines = ['heat 5']
    await soon(async () => expect(await now()).toEqual([5, undefined]))
    status = 500
    await soon(async () => expect(await now()).toEqual([undefined, undefined]))
    status = 200
    await soon(async () => expect(await now()).toEqual([5, undefined]))
  })

  it('goes on when it cannot look around, when a gateway cannot be asked, and when the store refuses', async () => {
    const url = await serve(saying(() => ['heat 3']))
    let fails = false
    const kept = memorySeries()
    const store: SeriesStore = {
      ...kept,
      append: async (readings) => {
        if (fails) throw new Error('the disk is full')
        return kept.append(readings)
      },
    }
    const { troubles } = collect(
      () => [{ ...pay, gateway: 'pay.production', targets: [{ instance: 'a', url }] }],
      {},
      store,
    )
    const noGateway = 'pay/production/gateway: there is no gateway'
    const full = `pay/production/target/${url}: the disk is full`
    await soon(async () => expect(await ups(kept)).toEqual({ a: 1 }))
    fails = true
    await soon(() => expect(new Set(troubles)).toEqual(new Set([noGateway, full])))
    fails = false
    const since = Date.now()
    await soon(async () =>
      expect((await kept.select(series('heat'), since, Date.now()))[0]?.values.length).toBeGreaterThan(0),
    )
    expect(new Set(troubles)).toEqual(new Set([noGateway, full]))
  })

  it('stops without waiting for who is slow', async () => {
    let isAsked = false
    const url = await serve(() => {
      isAsked = true
    })
    const { collector, store, troubles } = collect(() => [
      { ...pay, intervalMs: 60_000, targets: [{ instance: 'slow', url }] },
    ])
    await soon(() => expect(isAsked).toBe(true))
    const began = performance.now()
    await collector.stop()
    expect(performance.now() - began).toBeLessThan(1_500)
    for (const server of servers) server.closeAllConnections()
    expect(await ups(store)).toEqual({})
    expect(troubles).toEqual([])
  })
})
