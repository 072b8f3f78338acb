import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DeploymentView, healthView, type ReleasesView } from '../../src/contract/index.ts'
import { askEngine } from '../../src/engine/socket.ts'
import { enginePoints } from '../../src/server/processes/crash-points.ts'
import { startEngine, type TestEngine } from '../support/docker.ts'
import { type Killing, killingOf } from '../support/killing.ts'
import { type Load, type LoadLedger, startLoad } from '../support/load-client.ts'
import { needs } from '../support/requirements.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { changeOf, deploymentEnds, runEnds, services, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/boxed', import.meta.url))
const missing = needs('docker').missing !== undefined

/** Builds are work of the server. */
const points = enginePoints.engine
  .filter((method) => method !== 'build')
  .flatMap((method) => [`engine.${method}:before`, `engine.${method}:after`])

/**
 * One change each, in which a server dies at the first point, the next one at the second, and so on: all of them among
 * the instances in production. Before these are created there are containers of its step, of staging's instance and
 * commands, and of production's migration; whoever comes after a server that died there begins with the same container.
 */
const changes = [
  ['engine.create:before:9', 'engine.create:after', 'engine.start:before', 'engine.start:after'],
  ['engine.stop:before:4', 'engine.stop:after', 'engine.remove:before', 'engine.remove:after'],
]

let docker: TestEngine
let stage: Stage
let killing: Killing
const reached: string[] = []

const load = (): Load =>
  startLoad({
    host: '127.0.0.1',
    port: stage.production,
    ratePerSecond: 100,
    newConnectionShare: 0.3,
    mix: nextRequest,
  })

let sent = 0
function nextRequest() {
  sent++
  if (sent % 100 === 0) return { method: 'GET', path: '/?slow=1200' }
  return sent % 2 === 0 ? { method: 'POST', path: '/', body: 'x'.repeat(200) } : { method: 'GET', path: '/' }
}

const expectNoneLost = ({ sent: all, answered, lost }: LoadLedger): void =>
  expect({ answered, lost }).toEqual({ answered: { 200: all }, lost: {} })

const inProduction = async () =>
  (await services(stage)).services[0]?.environments.find((row) => row.name === 'production')

const another = (text: string) =>
  stage.edit('server.js', (code) => code.replace(/hello.* from/, `hello ${text} from`))

type Listed = { Id: string; ImageID: string; Names: string[]; Labels: Record<string, string>; State: string }
const containers = async (): Promise<Listed[]> => (await docker.ask('/containers/json?all=true')) as Listed[]
const ours = async (environment: string) =>
  (await containers()).filter((one) => one.Labels['plimsoll.key']?.includes(`boxed.${environment}.`))

/** What has ended is removed after it was said that it has. */
const onlyThoseThatRun = () =>
  until('only those that run to be left', async () =>
    (await ours('production')).length === 4 ? true : undefined,
  )

const logs = (): string =>
  readdirSync(join(stage.home, 'jobs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\/log(\.1)?$/.test(name))
    .map((name) => readFileSync(join(stage.home, 'jobs', name), 'utf8'))
    .join('')

describe.skipIf(missing)('a service in containers', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    docker = await startEngine()
    stage = await setStage(source, 'boxed', undefined, { DOCKER_HOST: docker.address })
    killing = killingOf(stage)
    writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
  })

  afterAll(async () => {
    await stage?.close()
    await docker?.close()
  })

  it('goes from a push to production, with all its containers by digest', async () => {
    const commit = await stage.push('Say hello')
    const run = await runEnds(stage, commit)
    expect(run).toMatchObject({ standing: 'passed' })
    const production = await deploymentEnds(stage, commit, 'production')
    expect(production).toMatchObject({ standing: 'passed', verified: { same: true } })
    expect(production.rail.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['migrate the data', 'smoke check with all requests']),
    )
    expect(production.verified?.found).toEqual([run.release?.digest, run.release?.digest])
    const answer = await fetch(`http://127.0.0.1:${stage.production}/`)
    expect(await answer.text()).toBe(`hello from ${run.release?.digest}\n`)
    await onlyThoseThatRun()
  })

  it('tells what its containers use, and of how much they may', async () => {
    const known = await until(
      'they are known',
      async () => {
        const view = healthView.parse(await stage.get('/api/health'))
        const all = view.services[0]?.environments.find(({ name }) => name === 'production')?.instances ?? []
        return all.length > 0 && all.every(({ memoryBytes }) => (memoryBytes ?? 0) > 0) ? all : undefined
      },
      40_000,
    )
    expect(known[0]?.memoryBytes).toBeGreaterThan(2 ** 20)
    expect(known[0]).toMatchObject({ restarts: 0, memoryLimitBytes: 512_000_000 })
  })

  it('migrates and is checked in its own image, as its user, before and after it takes requests', async () => {
    expect(logs()).toMatch(/^migrated as 1000 with \*\*\*$/m)
    expect(readFileSync(join(stage.home, 'data/boxed.production/schema'), 'utf8')).toBe(
      'migrated as 1000 with s3cret-greeting\n',
    )
    expect(logs()).toMatch(/^hello.* from sha256:/m)
  })

  it('is replaced under load, and no request is lost', async () => {
    const traffic = load()
    await another('better')
    const production = await deploymentEnds(stage, await stage.push('Say it better'), 'production')
    const ledger = await traffic.stop()
    expect(production).toMatchObject({ standing: 'passed', ledger: { lost: 0 } })
    expect(ledger.sent).toBeGreaterThan(50)
    expectNoneLost(ledger)
    await onlyThoseThatRun()
  })

  it('can be taken back by hand', async () => {
    const { releases } = await stage.get<ReleasesView>('/api/services/boxed/releases')
    const traffic = load()
    const view = JSON.parse(
      await stage.plimsoll('rollback', 'production', '--yes', '--json'),
    ) as DeploymentView
    expectNoneLost(await traffic.stop())
    expect(view).toMatchObject({ standing: 'passed', kind: 'rollback', verified: { same: true } })
    expect((await inProduction())?.release?.digest).toBe(releases.at(-1)?.digest)
  })

  it('serves on when the server is killed, and is found again', async () => {
    const traffic = load()
    const instances = JSON.stringify((await inProduction())?.instances)
    const ids = (await containers()).map(({ Id }) => Id).sort()
    await killing.kill()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(JSON.stringify((await inProduction())?.instances)).toBe(instances)
    expect((await containers()).map(({ Id }) => Id).sort()).toEqual(ids)
    expectNoneLost(await traffic.stop())
  })

  it('finishes a deployment in whose middle the server was killed', async () => {
    const traffic = load()
    await another('again')
    const commit = await stage.push('Carry on')
    await until('the middle of it', async () => ((await inProduction())?.deployment ? true : undefined))
    process.kill(await stage.serverPid(), 'SIGKILL')
    const production = await deploymentEnds(stage, commit, 'production')
    expect(production.standing).toBe('passed')
    expectNoneLost(await traffic.stop())
    expect((await inProduction())?.instances).toEqual({ ready: 2, wanted: 2 })
    await onlyThoseThatRun()
  })

  it('goes from blue to green under load, and no request is lost', async () => {
    const traffic = load()
    const strategy = (from: string, to: string) =>
      stage.edit('plimsoll.config.ts', (code) => code.replaceAll(from, to))
    await strategy('rolling', 'blueGreen')
    await strategy('blueGreen()', "blueGreen({ bake: '2s' })")
    const production = await deploymentEnds(stage, await stage.push('Go from blue to green'), 'production')
    expectNoneLost(await traffic.stop())
    expect(production).toMatchObject({ standing: 'passed', verified: { same: true }, ledger: { lost: 0 } })
    await strategy("blueGreen({ bake: '2s' })", 'rolling()')
    await strategy('blueGreen', 'rolling')
  })

  it.each(changes)(
    'arrives whole when servers are killed for real at %s, %s, %s and %s',
    { timeout: 150_000 },
    async (...at) => {
      await killing.arm(...at)
      const traffic = load()
      await another(at.join(' '))
      const commit = await stage.push(`Change at ${at.join(', ')}`)
      await killing.reached()
      const { deployments } = await until('the server after them', () => changeOf(stage, commit))
      expect(deployments.map(({ environment }) => environment)).toContain('production')
      const production = await deploymentEnds(stage, commit, 'production')
      expect(production).toMatchObject({ standing: 'passed', ledger: { lost: 0 } })
      expectNoneLost(await traffic.stop())
      expect((await inProduction())?.instances).toEqual({ ready: 2, wanted: 2 })
      await onlyThoseThatRun()
      reached.push(...at)
    },
  )

  it('is killed at every point of the engine', () => {
    expect(reached.map((point) => point.replace(/:\d+$/, ''))).toEqual(points)
  })

  it('that cannot be built goes nowhere, and the step is named', async () => {
    await stage.edit('Dockerfile', (text) => text.replace('COPY server.js .', 'RUN cat no-such-file'))
    const run = await runEnds(stage, await stage.push('Break the image'))
    expect(run.standing).toBe('failed')
    expect(run.text).toMatch(/Dockerfile could not be built: .*cat no-such-file/)
    expect(run.reasons[1]?.text).toContain('No such file or directory')
    await stage.edit('Dockerfile', (text) => text.replace('RUN cat no-such-file', 'COPY server.js .'))
  })

  it('that eats more memory than it may is started again, whole', async () => {
    const keysOf = async () => new Set((await ours('production')).map(({ Labels }) => Labels['plimsoll.key']))
    const before = await keysOf()
    await fetch(`http://127.0.0.1:${stage.production}/eat`).catch(() => {})
    await until('another start', async () => {
      const now = await keysOf()
      const { instances } = (await inProduction()) ?? {}
      return [...now].some((key) => !before.has(key)) && now.size === 2 && instances?.ready === 2
        ? true
        : undefined
    })
    await onlyThoseThatRun()
  })

  it('of which an image is gone is refused, and the image is named', async () => {
    const { releases } = await stage.get<ReleasesView>('/api/services/boxed/releases')
    const old = releases.at(-1)?.digest ?? ''
    const used = new Set((await containers()).map(({ ImageID }) => ImageID))
    const images = (await docker.ask('/images/json')) as { Id: string; RepoTags: string[] }[]
    for (const { Id, RepoTags } of images)
      if (!used.has(Id) && RepoTags.some((tag) => tag.startsWith('plimsoll/boxed/app:')))
        await askEngine(docker.socket, { method: 'DELETE', path: `/images/${Id}`, query: { force: 'true' } })
    const answer = await stage.plimsoll('deploy', old, 'production', '--yes', '--json')
    expect(JSON.parse(answer)).toMatchObject({ error: { code: 'PLM_IMAGE_MISSING' } })
    expect(answer).toMatch(/the engine does not have the image of app \([0-9a-f]{12}\)/)
  })

  it('never shows its secrets', async () => {
    expect(logs()).toContain('in /work with ***')
    expect(logs()).toContain('app | greeting: ***')
    expect(logs()).toContain('proxy | the proxy listens')
    expect(logs()).not.toContain('s3cret-greeting')
    for (const { Id } of await containers())
      expect(JSON.stringify(await docker.ask(`/containers/${Id}/json`))).not.toContain('s3cret-greeting')
  })
})
