import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunsView, SpikeView } from '../../src/contract/index.ts'
import { worldPoints } from '../../src/server/processes/crash-points.ts'
import { type Killing, killingOf } from '../support/killing.ts'
import { startLoad } from '../support/load-client.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, services, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

let stage: Stage
let killing: Killing
/** The page's own example: what a try may have, and the script that makes what it depends on. */
const page = readFileSync(fileURLToPath(new URL('../../docs/try.md', import.meta.url)), 'utf8')
const [tryConfig = ''] = /^ {2}try: \{[\s\S]*?^ {2}\},\n/m.exec(page) ?? []
const [, dependencies = ''] = /```sh\n([\s\S]*?)```/.exec(page) ?? []

/** Where dependencies stand: outside of everything that Plimsoll keeps. */
const dependencyOf = (id: string) => join(stage.folder, id.replace('.', '-'))

/** What the service answers, whatever it answered before. */
const answers = (what: string) => (code: string) =>
  `${code.replace(/`hello from .*?`/, 'said()').replace(/\nconst said = .*\n$/, '')}\nconst said = () => ${what}\n`

const view = (id: string) => stage.get<SpikeView>(`/api/tries/${id}`)
const closed = (id: string) =>
  until(`${id} to be closed`, async () => {
    const seen = await view(id)
    return seen.is === 'closed' ? seen : undefined
  })

const tried = async (...args: string[]): Promise<SpikeView> =>
  JSON.parse(await stage.plimsoll('try', ...args, '--json')) as SpikeView

const asked = async (address: string | undefined): Promise<string> =>
  (await (await fetch(address ?? '')).text()).trim()

const environOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}

/** Processes of this Plimsoll that carry the name of an environment; others may have one that is called so, too. */
function processesOf(id: string): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid: Number(pid), environ: environOf(pid) }))
  const cookieIn = (environ: string) => /PLIMSOLL_COOKIE=([^:\0]+)/.exec(environ)?.[1]
  const atHome = (environ: string) => environ.includes(stage.home)
  const ours = new Set(
    all.filter(({ environ }) => atHome(environ)).flatMap(({ environ }) => cookieIn(environ) ?? []),
  )
  return all
    .filter(({ environ }) => environ.includes(id) && (atHome(environ) || ours.has(cookieIn(environ) ?? '')))
    .map(({ pid }) => pid)
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

/** No process, no port, no folder, no dependency, no ref. */
async function nothingLeft(id: string, address: string | undefined): Promise<void> {
  await until(`the end of all processes of ${id}`, async () =>
    processesOf(id).length === 0 ? true : undefined,
  )
  if (address) expect(await listens(Number(new URL(address).port))).toBe(false)
  for (const folder of ['gateways', 'data', 'spikes', 'jobs', 'work'])
    expect(
      readdirSync(join(stage.home, folder)).filter((name) => decodeURIComponent(name).includes(id)),
      folder,
    ).toEqual([])
  expect(existsSync(dependencyOf(id))).toBe(false)
  const repository = join(stage.home, 'repositories', 'hello.git')
  expect(execFileSync('git', ['for-each-ref', 'refs/tries'], { cwd: repository, encoding: 'utf8' })).toBe('')
}

beforeAll(async () => {
  stage = await setStage(source, 'hello')
  killing = killingOf(stage)
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
  await stage.edit('plimsoll.config.ts', (text) =>
    text.replace('  environments:', `${tryConfig}  environments:`),
  )
  await stage.write('dependencies', dependencies)
  await deploymentEnds(stage, await stage.push('begin'), 'production')
}, 90_000)

afterAll(async () => {
  await stage?.close()
})

describe('plimsoll try', { timeout: 90_000 }, () => {
  let first: SpikeView

  it('gives the working tree an environment of its own, with what it depends on', async () => {
    await stage.edit('server.js', answers("'one ' + process.env.DATABASE + ' ' + process.env.LOG_LEVEL"))
    first = await tried('--question', 'Does it answer?')
    expect(first).toMatchObject({
      id: 'hello.try-1',
      is: 'open',
      owner: 'first',
      question: 'Does it answer?',
    })
    expect(first.change).toMatchObject({ standing: 'runs', branch: 'main' })
    expect(first.change?.subject).toMatch(/^working tree on main \(1 file changed\)$/)
    expect(await asked(first.address)).toBe(`one ${dependencyOf('hello.try-1')} debug`)
    expect(existsSync(dependencyOf('hello.try-1'))).toBe(true)
    expect((first.until ?? 0) - (first.openedAt ?? 0)).toBe(4 * 3_600_000)
  })

  it('leaves what is not tried alone: nothing of it comes to staging, to production or into lists of releases', async () => {
    const [service] = (await services(stage)).services
    expect(service?.environments.map(({ lastDeployment }) => lastDeployment?.id)).toEqual([
      'hello.staging.1',
      'hello.production.1',
    ])
    expect(service?.spikes.map(({ id }) => id)).toEqual(['hello.try-1'])
    expect(service?.lastRun?.change.subject).toBe('begin')
    expect(await stage.plimsoll('releases')).not.toContain('working tree')
    expect(await stage.plimsoll('status')).toMatch(/hello\.try-1 {2}http:.* left, first: Does it answer\?/)
    const short = first.change?.release?.short ?? ''
    expect(await stage.plimsoll('deploy', short, 'production', '--yes', '--json')).toContain('PLM_NOT_FOUND')
  })

  it('keeps what `up` said in confidence out of logs and of the API, and gives it to instances', async () => {
    await stage.edit(
      'server.js',
      answers("(console.log('password: ' + process.env.PASSWORD), String(process.env.PASSWORD.length))"),
    )
    expect(await asked((await tried('1')).address)).toBe('32')
    const jobs = readdirSync(join(stage.home, 'jobs')).filter((name) =>
      decodeURIComponent(name).includes('fleet/hello.try-1'),
    )
    const log = await until('the masked log', async () => {
      const text = jobs.map((name) => join(stage.home, 'jobs', name, 'log')).filter(existsSync)
      const all = text.map((file) => readFileSync(file, 'utf8')).join('')
      return all.includes('password: ') ? all : undefined
    })
    const password = readFileSync(join(stage.home, 'spikes', 'hello.try-1', 'secrets'), 'utf8')
      .slice('PASSWORD='.length)
      .trim()
    expect(password).toMatch(/^[0-9a-f]{32}$/)
    expect(log).not.toContain(password)
    expect(JSON.stringify(await view('hello.try-1'))).not.toContain(password)
  })

  it('takes a newer working tree without losing a request, also while the server is killed', async () => {
    const load = startLoad({
      ...{ host: '127.0.0.1', port: Number(new URL(first.address ?? '').port), ratePerSecond: 50 },
      ...{ newConnectionShare: 0.3, mix: () => ({ method: 'GET', path: '/' }) },
    })
    await stage.edit('server.js', answers("'two'"))
    await stage.plimsoll('try', '1', '--no-wait')
    await killing.kill()
    const seen = await until('the newer change', async () => {
      const now = await view('hello.try-1')
      return now.changes.length === 3 && now.changes[2]?.standing === 'runs' ? now : undefined
    })
    expect(await asked(seen.address)).toBe('two')
    expect(seen.address).toBe(first.address)
    const ledger = await load.stop()
    expect(ledger).toMatchObject({ lost: {}, answered: { 200: ledger.sent } })
  })

  it('says so when a newer change does not build or run, and keeps what runs', async () => {
    await stage.edit('server.js', (code) => `process.exit(7)\n${code}`)
    const seen = await tried('1')
    expect(seen.changes.at(-1)).toMatchObject({ standing: 'failed' })
    expect(seen.changes.at(-1)?.because).toMatch(/instance 0 exited with 7/)
    expect(await asked(seen.address)).toBe('two')
    await stage.edit('server.js', (code) => code.replace('process.exit(7)\n', ''))
  })

  it('is closed with an answer and figures, and leaves nothing but the record', async () => {
    const report = {
      kind: 'load',
      target: first.address,
      verdict: 'pass',
      counts: { scheduled: 10, errors: 0 },
      response: { p99Ms: 31.4 },
    }
    await stage.write('report.json', JSON.stringify(report))
    await stage.plimsoll('try', 'extend', '1', '--for', '1h')
    const extended = await view('hello.try-1')
    expect((extended.until ?? 0) - Date.now()).toBeLessThan(3_600_001)
    await stage.plimsoll('try', 'close', '1', '--answer', 'It does.', '--numbers', 'report.json')
    await closed('hello.try-1')
    // What is known of it is kept as soon as it is over.
    const over = await until('its evidence', async () => {
      const seen = await view('hello.try-1')
      return seen.evidence === undefined ? undefined : seen
    })
    expect(over).toMatchObject({ answer: { text: 'It does.', by: 'first' }, text: 'closed by first' })
    expect(over.figures.requests).toBeGreaterThan(50)
    expect(over.figures).toMatchObject({ errors: 0, lost: 0, p99: expect.any(Number) })
    expect(over.reports[0]?.rows).toContainEqual({ name: 'p99', value: '31 ms' })
    expect(over.evidence).toMatch(/^sha256:/)
    await nothingLeft('hello.try-1', first.address)
    expect(await stage.plimsoll('try', 'list', '--all')).toMatch(/1 +closed +first .*answer: It does\./)
    expect(await stage.plimsoll('try', 'extend', '1', '--for', '1h', '--json')).toContain('PLM_TRY_OVER')
  })

  it('ends by itself when its time is over, though the server is killed; failing tests are said and stop nothing', async () => {
    await stage.edit('server.test.js', (code) => code.replace('2 + 2, 4', '2 + 2, 5'))
    await stage.git('checkout', '--quiet', '-b', 'spike')
    await stage.git('commit', '--quiet', '--all', '--message', 'Count wrongly')
    await stage.git('checkout', '--quiet', 'main')
    const seen = await tried('spike', '--for', '4s')
    expect(seen.change).toMatchObject({ subject: 'Count wrongly', branch: 'spike', standing: 'runs' })
    expect(seen.change?.checks).toBe('test failed: 1 of 1 test')
    expect(await asked(seen.address)).toBe('two')
    await killing.kill()
    const over = await closed('hello.try-2')
    expect(over.text).toBe('its time ended')
    await nothingLeft('hello.try-2', seen.address)
  })

  it('tells of a limit, of a life that is too long, and of a tree that cannot be built', async () => {
    await tried('--no-wait')
    await tried('--no-wait')
    await tried('--no-wait', '--without-checks')
    expect(await stage.plimsoll('try', '--no-wait', '--json')).toContain('PLM_TRY_LIMIT')
    expect(await stage.plimsoll('try', '--for', '90d', '--json')).toContain('try.longest')
    for (const number of ['3', '4', '5']) await stage.plimsoll('try', 'close', number)
    await Promise.all(['hello.try-3', 'hello.try-4', 'hello.try-5'].map(closed))
    for (const id of ['hello.try-3', 'hello.try-4', 'hello.try-5']) await nothingLeft(id, undefined)
    const runs = await stage.get<RunsView>('/api/services/hello/runs')
    expect(runs.runs.length).toBe(9)
  })
})

/** Those that only what comes and goes has, in the order in which a try comes to them. */
const names = ['spikes.make', 'gateways.remove', 'spikes.remove'] as const

describe('servers that are killed while they make or take away a try', { timeout: 120_000 }, () => {
  it.each(['before', 'after'])('one after the other, %s it: nothing is left', async (when) => {
    await killing.arm(...names.map((name) => `${name}:${when}`))
    const { id, address } = await tried('--for', '1s', '--without-checks')
    await closed(id)
    await killing.reached()
    await nothingLeft(id, address)
  })

  it('are killed at every point that spikes have', () => {
    expect(names.filter((name) => name.startsWith('spikes.')).sort()).toEqual(
      worldPoints.spikes.map((one) => `spikes.${one}`).sort(),
    )
  })
})
