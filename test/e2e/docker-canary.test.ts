import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SqueezeView } from '../../src/contract/index.ts'
import { startEngine, type TestEngine } from '../support/docker.ts'
import { type Load, startLoad } from '../support/load-client.ts'
import { needs } from '../support/requirements.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, services } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/boxed', import.meta.url))
const missing = needs('docker').missing !== undefined

let docker: TestEngine
let stage: Stage
let good: string

/** Quick enough for a test, and long enough for sixteen failures where one in twenty fails, of which half are enough. */
const quick =
  "canary({ stages: [0.2], stageAtMost: '20s', watch: '20s', warmUp: '0s', minRequests: 20, bake: '0s', latency: false })"

/** Promised loosely enough that no alert can fire. */
const promised = "slos: [slo.latency({ objective: 0.5, below: '2s', environments: ['production'] })],"
const squeezed = "squeeze: { maxShare: 0.7, stages: [0.7], watch: '2s', minRequests: 20 }"

const traffic = (): Load =>
  startLoad({
    host: '127.0.0.1',
    port: stage.production,
    ratePerSecond: 80,
    newConnectionShare: 0.2,
    mix: () => ({ method: 'GET', path: '/' }),
  })

const production = async () =>
  (await services(stage)).services[0]?.environments.find(({ name }) => name === 'production')

/** Puts a line in front of the service's answer, and takes away the one that was there. */
const answering = (line: string) =>
  stage.edit('server.js', (code) =>
    code.replace(/( {2}const url = .*\n)(?: {2}\/\* \w+ \*\/.*\n)?/, `$1  /* change */ ${line}\n`),
  )

describe.skipIf(missing)('a canary in containers', { timeout: 180_000 }, () => {
  beforeAll(async () => {
    docker = await startEngine()
    stage = await setStage(source, 'boxed', undefined, { DOCKER_HOST: docker.address })
    writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
    await stage.edit('plimsoll.config.ts', (config) =>
      config
        .replace('defineConfig, rolling', 'canary, defineConfig')
        .replace('rolling()', `${quick},\n      ${squeezed}`)
        .replace('secret, sh }', 'secret, sh, slo }')
        .replace('  environments: {', `  ${promised}\n  environments: {`),
    )
    await deploymentEnds(stage, await stage.push('Say hello'), 'production')
  }, 180_000)

  afterAll(async () => {
    await stage?.close()
    await docker?.close()
  })

  it('that is live alone may be squeezed by its gateway, and nobody loses a request', async () => {
    const load = traffic()
    const answer = await stage.plimsoll('squeeze', 'production', '--instance', '1', '--yes', '--json')
    const ledger = await load.stop()
    const view = JSON.parse(answer) as SqueezeView
    expect(view, view.text).toMatchObject({ standing: 'passed', instance: 1, found: { verdict: 'atLeast' } })
    expect(view.stages.map(({ is, share }) => `${is} ${share}`)).toEqual(['passed 0.5', 'passed 0.7'])
    const { ratePerSecond = 0, othersPerSecond = 0 } = view.stages[1] ?? {}
    expect(ratePerSecond / (ratePerSecond + othersPerSecond)).toBeGreaterThan(0.55)
    expect(ledger).toMatchObject({ lost: {}, answered: { 200: ledger.sent } })
  })

  it('that is as good takes over under load by the stages that processes go through, and nobody loses a request', async () => {
    const load = traffic()
    await answering("response.setHeader('X-Better', 'yes')")
    good = await stage.push('Say it better')
    const view = await deploymentEnds(stage, good, 'production')
    const ledger = await load.stop()
    expect(view.standing, view.text).toBe('passed')
    expect(view.judge).toMatchObject({ is: 'pass', split: { asked: 0.2 } })
    expect(view.rail.map(({ title }) => title)).toEqual([
      'migrate the data',
      'start 2 new instances',
      'the gateway sees them healthy',
      'smoke check before any request',
      'plan the stages from the traffic',
      '20 % of the requests to the new instances',
      'judge it at 20 % until it is judged',
      'all requests to the new instances',
      'smoke check with all requests',
      'stop the old instances',
    ])
    expect(view.verified).toMatchObject({ same: true })
    expect(ledger).toMatchObject({ lost: {}, answered: { 200: ledger.sent } })
    expect(view.ledger.lost).toBe(0)
  })

  it('that fails for one request in twenty is rolled back by the judge, and no request is lost', async () => {
    const load = traffic()
    await answering("if (url.pathname === '/' && Math.random() < 0.05) response.statusCode = 500")
    const view = await deploymentEnds(stage, await stage.push('Fail now and then'), 'production')
    const ledger = await load.stop()
    console.log(`${view.text}; 500s that customers saw: ${ledger.answered[500] ?? 0} of ${ledger.sent}`)
    expect(view.standing, view.text).toBe('failed')
    expect(view.judge?.is).toBe('fail')
    expect(view.reasons[0]?.text).toMatch(/fails .* % of .* requests, the live version/)
    expect(await production()).toMatchObject({
      release: { commit: good },
      status: { is: 'rolledBack' },
      instances: { ready: 2, wanted: 2 },
    })
    expect(ledger.lost).toEqual({})
    expect(view.ledger.lost).toBe(0)
    // A fifth of the requests, of which a twentieth: far fewer than would have seen it without a judge.
    expect(ledger.answered[500] ?? 0).toBeLessThan(0.02 * ledger.sent)
  })

  it('that leaks is ended by its limit, which is said, and goes', async () => {
    const load = traffic()
    await stage.edit('plimsoll.config.ts', (config) =>
      config.replace("app', memory: '256MB'", "app', memory: '96MB'"),
    )
    await answering('leak()')
    await stage.edit(
      'server.js',
      (code) => `${code}\nconst leaked = []\nconst leak = () => leaked.push(Buffer.alloc(4 << 20, 1))\n`,
    )
    const view = await deploymentEnds(stage, await stage.push('Leak'), 'production')
    const ledger = await load.stop()
    console.log(`${view.text}; answered ${JSON.stringify(ledger.answered)}`)
    expect(view.standing, view.text).toBe('failed')
    expect(view.reasons.map(({ text }) => text).join('; ')).toMatch(
      /instance \d container app ran out of memory \(limit 92 MiB\) after/,
    )
    expect(await production()).toMatchObject({
      release: { commit: good },
      instances: { ready: 2, wanted: 2 },
    })
    expect(view.ledger.lost).toBe(0)
  })
})
