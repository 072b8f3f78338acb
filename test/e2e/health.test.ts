import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  alertsView,
  type EnvironmentHealth,
  type FuturesView,
  type HealthHistory,
  healthView,
} from '../../src/contract/index.ts'
import { readExposition } from '../../src/series/index.ts'
import { paying } from '../support/hello.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

const watched = `
  slos: [slo.availability({ objective: 0.99 }), slo.latency({ objective: 0.99, below: '250ms' })],
  watch: { interval: '1s', routes: ['/', '/payments/:id'] },
  probes: [probe.http('front', { in: 'production', body: 'hello' })],
  environments: {`

let stage: Stage

const healthOf = async (environment: string): Promise<EnvironmentHealth | undefined> => {
  const view = healthView.parse(await stage.get('/api/health?service=hello'))
  return view.services[0]?.environments.find(({ name }) => name === environment)
}

/** Its health, once it is as it should be; what it was last otherwise. */
async function healthBecomes(environment: string, is: (health: EnvironmentHealth) => boolean) {
  let last: EnvironmentHealth | undefined
  return until(
    `${environment} is as expected`,
    async () => {
      last = await healthOf(environment)
      return last && is(last) ? last : undefined
    },
    30_000,
  ).catch((error) => {
    throw new Error(`${error}: ${JSON.stringify(last)}`)
  })
}

async function ask(times: number, path = '/'): Promise<void> {
  for (let i = 0; i < times; i++) await (await fetch(`http://127.0.0.1:${stage.production}${path}`)).text()
}

describe('health now', { timeout: 120_000 }, () => {
  let commit = ''

  beforeAll(async () => {
    stage = await setStage(source, 'hello')
    writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=hello\n', { mode: 0o600 })
    await stage.edit('plimsoll.config.ts', (text) =>
      text
        .replace('rolling, secret, sh', 'probe, rolling, secret, sh, slo')
        .replace("health: '/health'", "health: '/health', metrics: '/metrics'")
        .replace('\n  environments: {', watched),
    )
    await stage.edit('server.js', paying)
    commit = await stage.push('Watch it')
    await deploymentEnds(stage, commit, 'production')
  })
  afterAll(() => stage?.close())

  it('is told from the moment that something runs: requests by release, instances, probes and targets', async () => {
    await ask(50)
    const health = await healthBecomes(
      'production',
      (one) =>
        (one.releases[0]?.ratePerSecond ?? 0) > 0 &&
        one.instances.length === 3 &&
        (one.releases[0]?.p99 ?? 0) > 0 &&
        one.instances.every(({ cpu }) => cpu !== undefined) &&
        one.targets.filter(({ up }) => up).length === 3 &&
        one.probes.some(({ ok }) => ok),
    )
    expect(health).toMatchObject({ is: 'well', reasons: [], runs: 'here' })
    expect(health.releases).toHaveLength(1)
    expect(health.releases[0]).toMatchObject({ version: health.instances[0]?.version, errorRatio: 0 })
    expect(health.releases[0]?.p99).toBeGreaterThan(0)
    expect(health.instances[0]?.memoryBytes).toBeGreaterThan(20 * 2 ** 20)
    expect(health.instances[0]?.openFiles).toBeGreaterThan(3)
    expect(health.targets[0]).toMatchObject({ up: true, samples: 2, problems: [] })
    expect(health.probes[0]).toMatchObject({ name: 'front', ok: true })
    expect(health.routes[0]).toMatchObject({ route: '/', errorRatio: 0 })
    // Staging is looked at in its own time.
    await until('all is well', async () => ((await stage.exitOf('health', 'hello')) === 0 ? true : undefined))
    const text = await stage.plimsoll('health')
    expect(text).toMatch(/hello production\n +RELEASE +RATE +FAILED +P50/)
    expect(text).toMatch(/probe front +ok/)
  })

  it('says of what nobody can say yet when it comes', async () => {
    const { environments } = await stage.get<FuturesView>('/api/futures?service=hello')
    expect(environments.map(({ environment }) => environment)).toContain('production')
    expect(environments.flatMap(({ futures }) => futures).filter(({ is }) => is === 'foreseen')).toEqual([])
    expect(await stage.exitOf('futures', 'hello')).toBe(3)
    expect(await stage.exitOf('futures', 'nobody')).toBe(2)
  })

  it('has a history, with what was deployed', async () => {
    const history = await until('it is known', async () => {
      const known = await stage.get<HealthHistory>(
        '/api/services/hello/environments/production/health?minutes=15',
      )
      await ask(5)
      return known.rate.some(({ values }) => values.some((value) => (value ?? 0) > 2)) ? known : undefined
    })
    expect(history.rate.map(({ name }) => name)).toHaveLength(1)
    expect(history.deployments).toHaveLength(1)
    expect(history.deployments[0]?.text).toMatch(/was deployed$/)
  })

  it('goes with what Plimsoll says of itself, in the format of Prometheus', async () => {
    const text = await (await fetch(`${stage.server}/metrics`)).text()
    const said = readExposition(text)
    expect(said.malformed).toEqual([])
    const valueIn = (name: string, labels: Readonly<Record<string, string>> = {}) =>
      said.samples.find(
        (one) =>
          one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
      )?.value
    const production = { service_name: 'hello', deployment_environment_name: 'production' }
    expect(valueIn('plimsoll_runs_open', { service_name: 'hello' })).toBe(0)
    expect(valueIn('plimsoll_gates_waiting', production)).toBe(0)
    expect(valueIn('plimsoll_environment_queue', production)).toBe(0)
    expect(valueIn('plimsoll_collector_readings_total')).toBeGreaterThan(20)
    expect(said.types.get('plimsoll_deployments_total')).toBe('counter')
  })

  it('goes bad with what fails, and says what', async () => {
    await stage.edit('server.js', (code) =>
      code
        .replace('const server =', 'setTimeout(() => { globalThis.bad = true }, 3000)\nconst server =')
        .replace(
          "if (request.url === '/metrics')",
          "if (globalThis.bad && request.url !== '/health') response.statusCode = 500\n  if (request.url === '/metrics')",
        ),
    )
    await deploymentEnds(stage, await stage.push('Break it in a moment'), 'production')
    const wrong = [
      /its availability budget burns [\d.]+ times as fast as evenly over (5m, where|1h, where) 13.4 is allowed/,
      /probe front fails: answered 500, expected 2xx/,
      /metrics of hello\.production\.2\/0, .* cannot be read: answered 500/,
    ]
    const asking = setInterval(() => void ask(5).catch(() => {}), 250)
    const health = await healthBecomes(
      'production',
      ({ is, reasons }) =>
        is === 'ill' && wrong.every((words) => reasons.some((reason) => words.test(reason))),
    ).finally(() => clearInterval(asking))
    expect(health.releases).toHaveLength(2)
    expect(await stage.exitOf('health', 'hello')).toBe(1)
    expect(await stage.exitOf('health', 'nobody')).toBe(2)
    const metrics = await (await fetch(`${stage.server}/metrics`)).text()
    expect(metrics).toMatch(
      /plimsoll_deployments_total\{.*environment_name="production",outcome="passed"\} 2\n/,
    )
    expect(metrics).toMatch(/plimsoll_runs_total\{service_name="hello",outcome="pass"\} 2\n/)
  })

  it('outlives a server that was killed, but for what was not written yet', async () => {
    const path = '/api/services/hello/environments/production/health?minutes=5'
    const knownIn = ({ times, rate }: HealthHistory, until: number) =>
      times.filter((at, i) => at < until && rate.some(({ values }) => (values[i] ?? null) !== null))
    // What is older than this has been written.
    const written = () => Date.now() - 16_000
    const [before, end] = await until('something was written', async () => {
      const history = await stage.get<HealthHistory>(path)
      const known = knownIn(history, written())
      return known.length > 2 ? ([known, (known.at(-1) ?? 0) + 1] as const) : undefined
    })
    const killed = await stage.serverPid()
    process.kill(killed, 'SIGKILL')
    const after = await until('another server answers', async () =>
      (await stage.serverPid()) === killed ? undefined : stage.get<HealthHistory>(path),
    )
    expect(knownIn(after, end)).toEqual(before)
  })
})

/** The example of docs/health.md. */
const example =
  /```ts\n([\s\S]*?)```/.exec(
    readFileSync(fileURLToPath(new URL('../../docs/health.md', import.meta.url)), 'utf8'),
  )?.[1] ?? ''

describe('a service that something else runs', { timeout: 60_000 }, () => {
  const servers: Server[] = []
  let database = 'up'
  let own: Stage

  async function serve(handler: RequestListener): Promise<string> {
    const server = createServer(handler)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  beforeAll(async () => {
    own = await setStage(source, 'hello')
  })
  afterAll(async () => {
    await own?.close()
    for (const server of servers) server.close()
  })

  it('is watched with nothing but the example of the documentation', async () => {
    const service = await serve((request, response) => {
      if (request.url === '/metrics')
        return response.end('# TYPE paid_total counter\npaid_total 3\npaid 1,5\n')
      response.end(JSON.stringify({ database: { status: database } }))
    })
    const exporter = await serve((_, response) => {
      response.setHeader('content-type', 'application/openmetrics-text; version=1.0.0; charset=utf-8')
      response.end('# TYPE node_load gauge\nnode_load 0.5\n# EOF\n')
    })
    await own.edit('plimsoll.config.ts', () =>
      example
        .replace("service: 'payments'", "service: 'hello'")
        .replace('watch: {', "watch: {\n    interval: '1s',")
        .replace('https://pay.example.org', service)
        .replace('http://10.0.0.7:9100', exporter)
        .replace(/ *probe.tls.*\n/, ''),
    )
    await own.push('Watch it')
    const known = await until('it is known', async () => {
      const view = healthView.parse(await own.get('/api/health?service=hello'))
      const [one] = view.services[0]?.environments ?? []
      return one?.targets.filter(({ up }) => up).length === 2 && one.probes.some(({ ok }) => ok)
        ? one
        : undefined
    })
    expect(known).toMatchObject({
      name: 'production',
      runs: 'elsewhere',
      is: 'well',
      releases: [],
      instances: [],
    })
    expect(known.targets.map(({ up, samples, problems }) => [up, samples, problems])).toEqual(
      expect.arrayContaining([
        [true, 1, ['line 3 (paid 1,5) expected a number at column 6']],
        [true, 1, []],
      ]),
    )
    expect(await own.exitOf('health')).toBe(0)
    database = 'down'
    await until('it is not well', async () => ((await own.exitOf('health')) === 1 ? true : undefined), 10_000)
    expect(await own.plimsoll('health')).toContain(
      'hello production (elsewhere): probe front fails: database.status is "down", expected "up"',
    )
    database = 'up'
  })

  it('has jobs that tell that they ran, and blames none for what it could not be told', async () => {
    await own.edit('plimsoll.config.ts', (text) =>
      text.replace(
        'watch: {',
        "watch: {\n    heartbeats: [{ name: 'settlement', every: '1h' }, { name: 'ledger', every: '10s', grace: '5s' }],",
      ),
    )
    await own.push('Expect a job')
    const job = async (name = 'settlement') => {
      const view = healthView.parse(await own.get('/api/health?service=hello'))
      return view.services[0]?.environments[0]?.heartbeats.find((one) => one.name === name)
    }
    await until('it is expected', async () => ((await job())?.is === 'waiting' ? true : undefined))
    await own.plimsoll('heartbeat', 'ledger', '--', 'true')
    const toldAt = Date.now()
    const wrapped = ['heartbeat', 'settlement', '--', 'sh', '-c'] as const
    expect(await own.plimsoll(...wrapped, 'echo 3 settled')).toBe('3 settled')
    expect(await until('it ran', async () => ((await job())?.is === 'ok' ? job() : undefined))).toMatchObject(
      {
        exitCode: 0,
      },
    )
    expect(await own.exitOf(...wrapped, 'echo no file of yesterday >&2; exit 37')).toBe(37)
    expect(
      await until('it failed', async () => ((await job())?.is === 'failed' ? job() : undefined)),
    ).toMatchObject({
      because: 'failed with exit code 37: no file of yesterday',
      message: 'no file of yesterday\n',
    })
    const told = await until('somebody is told', async () => {
      const { alerts } = alertsView.parse(await own.get('/api/alerts?service=hello'))
      return alerts.find(({ window }) => window === 'job')
    })
    expect(told).toMatchObject({
      ...{ environment: 'production', slo: 'settlement', severity: 'ticket' },
      text: 'job settlement failed with exit code 37: no file of yesterday',
    })
    const metrics = await (await fetch(`${own.server}/metrics`)).text()
    expect(metrics).toMatch(/plimsoll_heartbeat_ok\{.*plimsoll_heartbeat="settlement"\} 0\n/)
    // A token that can do nothing else.
    const token = (await own.plimsoll('token', 'add', 'nightly', '--role', 'heartbeats')).trim()
    const ask = (path: string) =>
      fetch(`${own.server}${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
    expect((await ask('/api/tokens')).status).toBe(403)
    expect((await ask('/api/heartbeats/settlement')).status).toBe(200)
    expect((await ask('/api/heartbeats/nobody')).status).toBe(404)
    expect(await until('it ran', async () => ((await job())?.is === 'ok' ? job() : undefined))).toBeDefined()
    // It is expected while nobody listens: another server is not there within a tenth of a second. Nothing that is older than
    // what it told itself counts.
    await until('it has been known for long enough', async () =>
      Date.now() - toldAt > 10_500 ? true : undefined,
    )
    expect((await ask(`/api/heartbeats/ledger?at=${Date.now() - 9_900}`)).status).toBe(200)
    const killed = await own.serverPid()
    process.kill(killed, 'SIGKILL')
    const later = await until(
      'nobody knows whether it ran',
      async () => {
        if ((await own.serverPid()) === killed) return undefined
        const known = await job('ledger').catch(() => undefined)
        return known && known.is !== 'ok' ? known : undefined
      },
      30_000,
    )
    expect(later.because).toMatch(/^nobody listened from .*: whether it ran then is not known$/)
    expect(later.is).toBe('unknown')
  })
})
