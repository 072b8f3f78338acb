import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeploymentView, ReleasesView } from '../../src/contract/index.ts'
import { findCarriers } from '../../src/host/index.ts'
import { type Load, type LoadLedger, startLoad } from '../support/load-client.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, runEnds, services, until } from '../support/story.ts'

const exec = promisify(execFile)
const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

let stage: Stage

beforeAll(async () => {
  stage = await setStage(source, 'hello')
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
  await stage.edit('plimsoll.config.ts', (text) =>
    text.replace('deploy: rolling() }', 'deploy: rolling(), gateway: { accessLog: true } }'),
  )
}, 60_000)

afterAll(async () => {
  await stage?.close()
})

const load = (): Load =>
  startLoad({
    host: '127.0.0.1',
    port: stage.production,
    ratePerSecond: 150,
    newConnectionShare: 0.3,
    mix: nextRequest,
  })

let sent = 0
/** Looks and posts; one in a hundred takes longer than a second. */
function nextRequest() {
  sent++
  if (sent % 100 === 0) return { method: 'GET', path: '/?slow=1200' }
  return sent % 2 === 0 ? { method: 'POST', path: '/', body: 'x'.repeat(200) } : { method: 'GET', path: '/' }
}

const expectNoneLost = (ledger: LoadLedger): void =>
  expect(ledger).toMatchObject({ lost: {}, answered: { 200: ledger.sent } })

async function pushed(message: string, change?: () => Promise<void>): Promise<string> {
  await change?.()
  return stage.push(message)
}

const inProduction = async () =>
  (await services(stage)).services[0]?.environments.find((row) => row.name === 'production')

/** What the access log says of the posts and looks of this file's clients. */
async function requestsWritten() {
  const args = [cli, 'logs', 'hello.production', '--last', '999999', '--home', stage.home]
  const { stdout } = await exec(process.execPath, args, { maxBuffer: 1 << 28 })
  const lines = stdout.split('\n').filter(Boolean)
  // What was asked before the load began: that the service answers.
  const load = lines.map((line) => JSON.parse(line)).slice(1)
  return { asked: load.length, releases: new Set(load.map(({ release }) => release)).size }
}

/** A change that makes another release of the same service. */
const another = (text: string) => () =>
  stage.edit('server.js', (code) => code.replace(/hello.* from/, `hello ${text} from`))

describe('a change', { timeout: 60_000 }, () => {
  it('goes from a push to production, with its evidence', async () => {
    const commit = await pushed('Say hello')
    const run = await runEnds(stage, commit)
    expect(run).toMatchObject({
      standing: 'passed',
      actor: 'first',
      jobs: [{ name: 'test', tests: { passed: 1, failed: 0 } }],
    })
    const production = await deploymentEnds(stage, commit, 'production')
    expect(production).toMatchObject({
      standing: 'passed',
      gates: [{ name: 'tests', is: 'pass' }],
      verified: { same: true },
    })
    expect(production.verified?.found).toHaveLength(3)
    const answer = await fetch(`http://127.0.0.1:${stage.production}/`)
    expect(await answer.text()).toBe(`hello from ${run.release?.digest}\n`)
  })

  it('replaces the one before under load, and loses no request', async () => {
    const traffic = load()
    const production = await deploymentEnds(
      stage,
      await pushed('Say it better', another('better')),
      'production',
    )
    const ledger = await traffic.stop()
    expect(production).toMatchObject({ standing: 'passed', ledger: { lost: 0 } })
    expect(ledger.sent).toBeGreaterThan(50)
    expectNoneLost(ledger)
    expect(await requestsWritten()).toEqual({ asked: ledger.sent, releases: 2 })
    await expect(
      exec(process.execPath, [cli, 'logs', 'hello.staging', '--home', stage.home]),
    ).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'hello.staging writes no access log; gateway: { accessLog: true } turns it on',
      ),
    })
  })

  it('of which a test fails goes nowhere', async () => {
    const before = (await inProduction())?.release?.digest
    const run = await runEnds(
      stage,
      await pushed('Break it', () =>
        stage.edit('server.test.js', (code) => code.replace('2 + 2, 4', '2 + 2, 5')),
      ),
    )
    expect(run).toMatchObject({ standing: 'failed', jobs: [{ tests: { failed: 1 } }] })
    expect(run.release).toBeUndefined()
    expect((await inProduction())?.release?.digest).toBe(before)
    await stage.edit('server.test.js', (code) => code.replace('2 + 2, 5', '2 + 2, 4'))
  })

  it('that never becomes healthy is rolled back by itself, and is not brought again', async () => {
    const before = (await inProduction())?.release?.digest
    const traffic = load()
    await stage.giveData('hello.staging', 'here', '')
    const commit = await pushed('Fail in production', () =>
      stage.edit('server.js', (code) => `if (process.env.GREETING === undefined) process.exit(9)\n${code}`),
    )
    const production = await deploymentEnds(stage, commit, 'production')
    const ledger = await traffic.stop()
    expect(production.standing).toBe('failed')
    expect(production.reasons[0]?.text).toMatch(/instance 0 exited with 9 .*, 3 times/)
    expect((await inProduction())?.release?.digest).toBe(before)
    expectNoneLost(ledger)
    await stage.edit('server.js', (code) => code.slice(code.indexOf('\n') + 1))
  })

  it('can be taken back by hand', async () => {
    const { releases } = await stage.get<ReleasesView>('/api/services/hello/releases')
    const first = releases.at(-1)?.digest
    const traffic = load()
    const said = await stage.plimsoll('rollback', 'production', '--yes', '--json')
    const view = JSON.parse(said) as DeploymentView
    expectNoneLost(await traffic.stop())
    expect(view).toMatchObject({
      standing: 'passed',
      kind: 'rollback',
      actor: 'first',
      to: { digest: first },
    })
    expect((await inProduction())?.release?.digest).toBe(first)
  })

  it('never shows its secrets', async () => {
    const jobs = join(stage.home, 'jobs')
    const logs = readdirSync(jobs)
      .map((name) => join(jobs, name, 'log'))
      .filter(existsSync)
    const all = logs.map((file) => readFileSync(file, 'utf8')).join('')
    expect(all).toContain('greeting: ***')
    expect(all).not.toContain('s3cret-greeting')
    expect(readFileSync(join(stage.home, 'server.log'), 'utf8')).not.toContain('s3cret-greeting')
    for (const path of ['/api/services', '/api/runs', '/api/services/hello/releases'])
      expect(JSON.stringify(await stage.get(path))).not.toContain('s3cret-greeting')
  })
})

describe('Plimsoll itself', { timeout: 60_000 }, () => {
  it('may be killed while production serves: nothing lost, nothing refused, everything found again', async () => {
    const traffic = load()
    const before = await stage.serverPid()
    const instances = JSON.stringify((await inProduction())?.instances)
    process.kill(before, 'SIGKILL')
    await until('another server', async () =>
      (await stage.serverPid()) === before ? undefined : services(stage),
    )
    expect(JSON.stringify((await inProduction())?.instances)).toBe(instances)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expectNoneLost(await traffic.stop())
  })

  it('finishes a deployment in whose middle it was killed', async () => {
    const traffic = load()
    const commit = await pushed('Carry on', another('again'))
    await until('the middle of it', async () => ((await inProduction())?.deployment ? true : undefined))
    const before = await stage.serverPid()
    process.kill(before, 'SIGKILL')
    await until('another server', async () =>
      (await stage.serverPid()) === before ? undefined : services(stage),
    )
    const production = await deploymentEnds(stage, commit, 'production')
    expect(production.standing, production.text).toBe('passed')
    expectNoneLost(await traffic.stop())
    expect((await inProduction())?.instances).toEqual({ ready: 3, wanted: 3 })
  })

  it('keeps serving when its supervisor is killed, and is taken over by the next', async () => {
    const traffic = load()
    const server = await stage.serverPid()
    await stage.killSupervisor()
    expect(await stage.serverPid()).toBe(server)
    await services(stage)
    await stage.startSupervisor()
    expect(await stage.serverPid()).toBe(server)
    process.kill(server, 'SIGKILL')
    await until('another server', async () =>
      (await stage.serverPid()) === server ? undefined : services(stage),
    )
    expectNoneLost(await traffic.stop())
  })

  it('knows every process that carries its cookie', async () => {
    const environments = (await services(stage)).services[0]?.environments ?? []
    const wanted = environments.reduce((total, row) => total + row.instances.wanted, 0)
    const ours = findCarriers('').filter(({ pid }) => folderOf(pid).startsWith(stage.home))
    const instances = ours.filter(({ cookie }) => cookie.includes(':fleet/hello.'))
    // Three processes each: the launcher's shell, the command's, the service itself.
    expect(new Set(instances.map(({ cookie }) => cookie)).size).toBe(wanted)
  })

  it('keeps a second server out of its folder', async () => {
    const args = [cli, 'up', '--home', stage.home, '--port', '0']
    await expect(exec(process.execPath, args)).rejects.toMatchObject({
      code: 3,
      stderr: expect.stringContaining('PLM_STORE_HELD'),
    })
  })

  it('says when its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const args = [cli, 'up', '--home', join(stage.folder, 'other'), '--port', String(port)]
    await expect(exec(process.execPath, args)).rejects.toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`PLM_PORT_IN_USE  port ${port}`),
    })
    taken.close()
  })

  it('takes nothing without a token', async () => {
    const remote = `${stage.server}/git/hello.git`
    await expect(stage.git('push', remote, 'HEAD:other')).rejects.toThrow(/could not read Username/)
    const answer = await fetch(`${stage.server}/api/services/hello/environments/production/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"kind":"rollback"}',
    })
    expect([answer.status, await answer.json()]).toMatchObject([
      401,
      { error: { code: 'PLM_TOKEN_MISSING' } },
    ])
  })

  it('describes its API', async () => {
    const api = await stage.get<{ openapi: string; paths: object }>('/api/openapi.json')
    expect(api.openapi).toMatch(/^3\./)
    expect(Object.keys(api.paths)).toContain('/api/services/{service}/environments/{environment}/deployments')
  })

  it('leaves nothing running after `down`, though the server has just died, and whoever else says it too', async () => {
    const before = await stage.serverPid()
    const cookies = findCarriers('')
      .filter(({ pid }) => folderOf(pid).startsWith(stage.home))
      .map(({ cookie }) => cookie.split(':')[0] ?? '')
    const ours = () => findCarriers(cookies[0] ?? '-').map(({ cookie }) => cookie)
    expect(ours().some((cookie) => cookie.endsWith(':gateway'))).toBe(true)
    const down = async () => (await exec(process.execPath, [cli, 'down', '--home', stage.home])).stdout
    process.kill(before, 'SIGKILL')
    const said = await Promise.all([down(), down()])
    expect(said).toEqual(['Everything has stopped.\n', 'Everything has stopped.\n'])
    expect(ours()).toEqual([])
    expect(await down()).toBe('Plimsoll does not run here.\n')
  })
})

/** The folder that a process works in: launchers work in /, instances in their release. */
function folderOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return ''
  }
}
