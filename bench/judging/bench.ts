import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLoads } from '../../src/predict/index.ts'
import { type EmbeddedSeries, openSeries } from '../../src/series/embedded/open.ts'
import type { Reading } from '../../src/series/index.ts'
import { burningOf, createBudgets, judgeSlo, slosConfig } from '../../src/watch/index.ts'
import { numberOption } from '../options.ts'

const secondMs = 1_000
const hourMs = 3_600 * secondMs
const dayMs = 24 * hourMs
const roundMs = 15 * secondMs

const slos = slosConfig.parse([
  { kind: 'availability', objective: 0.999 },
  { kind: 'latency', objective: 0.99, below: '250ms' },
])
const edges = ['0.1', '0.25', '1', '+Inf']

type Place = { readonly service: string; readonly environment: string }

/** Times of samples: the newest as often as a server looks, older ones less often, so that filling takes a minute. */
function* timesBetween(from: number, to: number): Generator<number> {
  for (let at = from; at <= to; ) {
    yield at
    const age = to - at
    at += age > 3 * dayMs ? 300 * secondMs : age > 6 * hourMs ? 60 * secondMs : roundMs
  }
}

/** What a gateway's fleet has counted: 20 requests a second, of which one in two thousand fails. */
function readingsOf({ service, environment }: Place, at: number, since: number): Reading[] {
  const labels = { service_name: service, deployment_environment_name: environment, plimsoll_fleet: '1' }
  const asked = Math.floor((at - since) / 50)
  const of = (name: string, value: number, more: Record<string, string> = {}): Reading => ({
    ...{ name, labels: { ...labels, ...more }, at, value },
  })
  const requests = (outcome: string, value: number) =>
    of('plimsoll_gateway_requests_total', value, { outcome })
  const duration = 'http_server_request_duration_seconds'
  return [
    requests('ok', asked - Math.floor(asked / 2_000)),
    requests('client_error', 0),
    requests('server_error', Math.floor(asked / 2_000)),
    requests('lost', 0),
    requests('abandoned', 0),
    ...edges.map((le) => of(`${duration}_bucket`, le === '+Inf' ? asked : Math.floor(asked * 0.995), { le })),
    of(`${duration}_count`, asked),
  ]
}

async function fill(store: EmbeddedSeries, places: readonly Place[], from: number, to: number) {
  for (const at of timesBetween(from, to))
    await store.append(places.flatMap((place) => readingsOf(place, at, from)))
}

/** CPU of the whole process, the store's thread included, in ms. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

const middleOf = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0
const line = (what: string, ms: number): void =>
  console.log(`${what.padEnd(58)}${ms.toFixed(1).padStart(10)} ms`)

/** What it costs to judge everything that a team promises, over a store with four weeks of history. */
export async function run(args: readonly string[]): Promise<void> {
  const services = numberOption(args, 'services', 15)
  const environments = numberOption(args, 'environments', 3)
  const rounds = numberOption(args, 'rounds', 40)
  const days = numberOption(args, 'days', 28)
  const places = Array.from({ length: services * environments }, (_, i) => ({
    service: `service-${Math.floor(i / environments)}`,
    environment: `environment-${i % environments}`,
  }))
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-judging-'))
  const store = await openSeries(folder, { onProblem: (problem) => console.error(problem.message) })
  try {
    const from = Date.UTC(2026, 9, 1)
    let now = from + days * dayMs
    await fill(store, places, from, now)
    await store.flush()
    const budgets = createBudgets(store)
    const round = () =>
      Promise.all(
        places.flatMap((place) =>
          slos.map(async (slo) =>
            burningOf(slo.name, judgeSlo(slo, await budgets.countsOf({ ...place, slo }, now))),
          ),
        ),
      )
    console.log(
      `${services} services × ${environments} environments × ${slos.length} SLOs, ${days} days of history`,
    )
    line('first round', await cpuOf(round))
    const costs: number[] = []
    for (let i = 0; i < rounds; i++) {
      now += roundMs
      await store.append(places.flatMap((place) => readingsOf(place, now, from)))
      costs.push(await cpuOf(round))
    }
    line(`each round of ${roundMs / 1_000} s after that, median of ${rounds}`, middleOf(costs))
    line('  the dearest of them', Math.max(...costs))
    const loads = createLoads(store)
    line(
      'busiest hours of all, every ten minutes at most',
      await cpuOf(() => Promise.all(places.map((place) => loads.loadOf(place, now)))),
    )
  } finally {
    await store.close()
    await rm(folder, { recursive: true })
  }
}
