import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deployedBy, failingNoMore, failingOnceIn } from '../support/hello.ts'
import { type Load, type LoadLedger, startLoad } from '../support/load-client.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, deploymentUnderWay, services, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

let stage: Stage
let first: string
let good: string

const quick =
  "stages: [0.2], stageAtMost: '5s', watch: '5s', warmUp: '0s', minRequests: 20, bake: '0s', latency: false"

/** Production by a canary, quick enough for a test. */
const canaryWith = (options: string) => deployedBy(`canary({ ${options} })`)

const production = async () =>
  (await services(stage)).services[0]?.environments.find(({ name }) => name === 'production')

const traffic = (): Load =>
  startLoad({
    host: '127.0.0.1',
    port: stage.production,
    ratePerSecond: 80,
    newConnectionShare: 0.2,
    mix: () => ({ method: 'GET', path: '/' }),
  })

const lostOf = ({ lost }: LoadLedger) => Object.values(lost).reduce((sum, count) => sum + count, 0)

beforeAll(async () => {
  stage = await setStage(source, 'hello')
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
  await stage.edit('plimsoll.config.ts', canaryWith(quick))
}, 60_000)

afterAll(() => stage?.close())

describe('a canary in production', { timeout: 180_000 }, () => {
  it('is not asked for a first release: there is nothing to compare with', async () => {
    first = await stage.push('Say hello')
    const view = await deploymentEnds(stage, first, 'production')
    expect(view).toMatchObject({ standing: 'passed', strategy: 'canary' })
    expect(view.judge).toBeUndefined()
  })

  it('that is as good takes over under load, and nobody loses a request', async () => {
    const load = traffic()
    await stage.write('README.md', 'Hello.\n')
    good = await stage.push('Say what it is')
    const view = await deploymentEnds(stage, good, 'production')
    const ledger = await load.stop()
    expect(view.standing, view.text).toBe('passed')
    expect(view.judge).toMatchObject({ is: 'pass', split: { asked: 0.2 } })
    expect(view.judge?.sentence).toMatch(/is no worse than the live version as far as .* tell/)
    expect(view.judge?.split.seen).toBeGreaterThan(0.1)
    expect(view.judge?.split.seen).toBeLessThan(0.3)
    expect(view.rail.map(({ title }) => title)).toEqual([
      'start 3 new instances',
      'the gateway sees them healthy',
      'plan the stages from the traffic',
      '20 % of the requests to the new instances',
      'judge it at 20 % until it is judged',
      'all requests to the new instances',
      'stop the old instances',
    ])
    expect(view.plan?.sentence).toMatch(/20 % of the requests/)
    expect(view.verified).toMatchObject({ same: true })
    expect(ledger.sent).toBeGreaterThan(500)
    expect([lostOf(ledger), view.ledger.lost]).toEqual([0, 0])
  })

  it('that fails for one request in ten is rolled back by itself, though the server is killed meanwhile', async () => {
    const load = traffic()
    await stage.edit('server.js', failingOnceIn(10))
    const bad = await stage.push('Fail now and then')
    await deploymentUnderWay(stage, 'the judge', ({ judge }) => judge?.is === 'open')
    const before = await stage.serverPid()
    process.kill(before, 'SIGKILL')
    const view = await deploymentEnds(stage, bad, 'production')
    const ledger = await load.stop()
    expect(view.standing, view.text).toBe('failed')
    expect(view.judge?.is).toBe('fail')
    expect(view.rail.find(({ standing }) => standing === 'failed')?.title).toMatch(/^judge it at 20 %/)
    expect(view.reasons[0]?.text).toMatch(/fails .* % of .* requests, the live version/)
    console.log(`${view.text}; 500s that customers saw: ${ledger.answered[500] ?? 0} of ${ledger.sent}`)
    expect(await production()).toMatchObject({ release: { commit: good }, status: { is: 'rolledBack' } })
    expect(lostOf(ledger)).toBe(0)
    expect(view.ledger.lost).toBe(0)
    // A share of a fifth, of which a tenth: far fewer than would have seen it without a judge.
    expect(ledger.answered[500] ?? 0).toBeLessThan(0.02 * ledger.sent)
  })

  it('can be rolled back by hand while it is judged', async () => {
    const load = traffic()
    await stage.edit('server.js', failingNoMore)
    // Long enough for a person to come in between.
    await stage.edit('plimsoll.config.ts', canaryWith(quick.replace("watch: '5s'", "watch: '60s'")))
    const change = await stage.push('Say it again')
    await deploymentUnderWay(stage, 'the judge', ({ judge }) => judge?.is === 'open')
    await stage.plimsoll('rollback', 'production', '--yes', '--reason', 'not today')
    const view = await deploymentEnds(stage, change, 'production')
    const ledger = await load.stop()
    expect(view.reasons[0]?.text).toMatch(/rolled back by first: not today/)
    expect(view.rail.filter(({ standing }) => standing === 'cancelled')).toHaveLength(1)
    expect(await production()).toMatchObject({ release: { commit: good } })
    expect([lostOf(ledger), view.ledger.lost]).toEqual([0, 0])
  })

  it('whose migration or smoke check fails in staging does not come so far, and what they said is kept', async () => {
    const look = `"fetch(process.env.BASE_URL).then((r) => r.text()).then((t) => { console.log('it said', t); process.exit(t.startsWith('hello from sha256:') ? 0 : 3) })"`
    await stage.edit('plimsoll.config.ts', (text) =>
      text
        .replace(
          '  environments: {',
          `  migrate: sh('echo once >> "$DATA_DIR/migrations"; test ! -e refuse'),\n  smoke: { before: sh(\`node -e ${look}\`) },\n  environments: {`,
        )
        .replace(/ port: \d+/g, (port) => ` data: true,${port}`),
    )
    await stage.edit('server.js', (code) => code.replace('hello from $', 'good morning from $'))
    const load = traffic()
    const wrong = await stage.push('Say good morning')
    const view = await deploymentEnds(stage, wrong, 'staging')
    expect(view.standing, view.text).toBe('failed')
    expect(view.reasons[0]?.text).toMatch(/^smoke check before any request exited with 3/)
    await stage.edit('server.js', (code) => code.replace('good morning from $', 'hello from $'))
    await stage.write('refuse', '')
    const refused = await stage.push('Refuse to migrate')
    const second = await deploymentEnds(stage, refused, 'staging')
    expect(second.reasons[0]?.text).toMatch(/^migrate the data exited with 1/)
    const ledger = await load.stop()
    expect([lostOf(ledger), view.ledger.lost, second.ledger.lost]).toEqual([0, 0, 0])
    expect(ledger.answered[200]).toBe(ledger.sent)
    const said = await stage.plimsoll('logs', view.id)
    expect(said).toMatch(/it said good morning from/)
    await stage.git('rm', '--quiet', '--force', 'refuse')
  })

  it('runs its migration once, though the server is killed while it runs', async () => {
    await stage.edit('plimsoll.config.ts', (text) =>
      text.replace(
        '"$DATA_DIR/migrations";',
        '"$DATA_DIR/migrations"; sleep 3; echo with; printenv GREETING || true;',
      ),
    )
    const data = join(stage.home, 'data', 'hello.staging', 'migrations')
    const linesOf = () => readFileSync(data, 'utf8').split('\n').length
    const before = linesOf()
    const change = await stage.push('Migrate slowly')
    await until('the migration to begin', async () => (linesOf() > before ? true : undefined))
    process.kill(await stage.serverPid(), 'SIGKILL')
    const view = await deploymentEnds(stage, change, 'staging')
    expect(view.standing, view.text).toBe('passed')
    expect(linesOf()).toBe(before + 1)
    // Said to the server that was started afterwards, which hides it as well.
    expect(await stage.plimsoll('logs', view.id)).toMatch(/^with\n\*\*\*\nit said hello/)
    await stage.edit('plimsoll.config.ts', (text) => text.replace(/ sleep 3; .*? true;/, ''))
    // Nobody asks it in production, and nobody is to wait for its deadline.
    await deploymentUnderWay(stage, 'the judge', ({ judge }) => judge?.is === 'open')
    await stage.plimsoll('rollback', 'production', '--yes')
    await deploymentEnds(stage, change, 'production')
  })

  it('that nobody asks is held until a person answers for it', async () => {
    const hold = `${quick}, deadline: '4s', inconclusive: 'hold'`
    await stage.edit('plimsoll.config.ts', canaryWith(hold))
    const change = await stage.push('Ask a person when nobody can tell')
    const held = await deploymentUnderWay(
      stage,
      'the deployment that is held',
      (view) => view.held !== undefined,
    )
    expect(held.text).toMatch(/^held: the new release cannot be judged/)
    expect(held.held?.command).toBe('plimsoll continue hello production --reason "…"')
    expect(await stage.plimsoll('continue', 'production', '--json')).toMatch(/continue needs --reason/)
    expect(await stage.plimsoll('continue', 'production', '--reason', 'looked at it')).toMatch(
      /runs in production/,
    )
    const view = await deploymentEnds(stage, change, 'production')
    expect(view).toMatchObject({ standing: 'passed', letOn: { by: 'first', reason: 'looked at it' } })
    expect(await production()).toMatchObject({ release: { commit: change } })
    expect(await stage.plimsoll('continue', 'production', '--reason', 'again', '--json')).toMatch(
      /nothing is being deployed/,
    )
  })
})
