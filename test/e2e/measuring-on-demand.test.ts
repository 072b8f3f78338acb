import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EnvironmentRow, LoadTestView } from '../../src/contract/index.ts'
import { type Killing, killingOf } from '../support/killing.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, services, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))
/** The page's own examples: what a person would type. */
const page = readFileSync(fileURLToPath(new URL('../../docs/perf.md', import.meta.url)), 'utf8')
const [, ofRelease = '', ofBranch = '', ofTree = ''] =
  /^(plimsoll load test perf --release .*)\n(.* --branch .*)\n(.* --working-tree .*)$/m.exec(page) ?? []

let stage: Stage
let killing: Killing
let first: string

/** The words of a line as a shell would split them, without the program's name. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '').slice(1)

const measured = async (line: string): Promise<LoadTestView> =>
  JSON.parse(await stage.plimsoll(...wordsOf(line), '--json')) as LoadTestView

const row = async (name: string): Promise<EnvironmentRow> =>
  (await services(stage)).services[0]?.environments.find((one) => one.name === name) as EnvironmentRow

/** What the commands around load tests have done, each with the release in which it ran. */
const done = (): string[] => {
  const file = join(stage.folder, 'done')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}

const command = (name: string) => `sh('echo ${name} $RELEASE >> ${join(stage.folder, 'done')}')`

const perfOf = () => `
    perf: {
      inStepWith: 'production',
      loadTest: { afterDeployment: false, clean: ${command('clean')}, seed: ${command('seed')} },
    },
  },
  migrate: ${command('migrate')},
  slos: [slo.latency({ objective: 0.99, below: '1s' })],
  load: { besideProduction: true, line: { min: 5, max: 6, trial: '1s', budget: '30s' } },
})`

/** What production runs is back in perf, asleep, and nothing else is there. */
/** What was brought is dropped after it was said that the load test is over. */
const nothingIsKept = () =>
  until('nothing is kept for it', async () =>
    (await stage.git('ls-remote', 'plimsoll', 'refs/tries/*')) === '' ? true : undefined,
  )

async function isAsBefore(view: LoadTestView): Promise<void> {
  const production = (await row('production')).release
  expect(view.guest).toMatchObject({
    instead: { digest: production?.digest },
    isBack: true,
    text: `${production?.short} is back, asleep`,
  })
  const perf = await row('perf')
  expect(perf).toMatchObject({
    release: { digest: production?.digest },
    instances: { ready: 0 },
    status: { is: 'asleep' },
    inStep: { is: 'inStep' },
  })
  expect(perf.lock).toBeUndefined()
  await nothingIsKept()
}

/** A machine that is busy with other things may leave it untold; that is found out, and kept, too. */
function counts(view: LoadTestView): void {
  expect(view.text).toMatch(/^(carries at least|its load line could not be told)/)
  expect(view).toMatchObject({ counts: true, doubts: [], cause: 'person', evidence: expect.any(String) })
  const [brought, ran] = [view.release?.short, view.guest?.instead.short]
  expect(view.guest?.butFor).toEqual([
    `release is ${brought}, and ${ran} in production`,
    `schema is migrated by ${brought}, and migrated by ${ran} in production`,
  ])
}

beforeAll(async () => {
  stage = await setStage(source, 'hello')
  killing = killingOf(stage)
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
  await stage.edit('plimsoll.config.ts', (text) =>
    text.replace('rolling, secret, sh', 'rolling, secret, sh, slo').replace(/\n {2}\},\n\}\)/, perfOf()),
  )
  await deploymentEnds(stage, await stage.push('Measure on demand'), 'perf')
  first = (await row('production')).release?.short ?? ''
  await until('perf is asleep', async () => ((await row('perf')).status.is === 'asleep' ? true : undefined))
}, 120_000)

afterAll(async () => {
  await stage?.close()
})

describe('a load test of what is not live', { timeout: 120_000 }, () => {
  it('measures the working tree, keeps that of its release, and leaves everything as it was', async () => {
    await stage.edit('server.js', (text) => `${text}\n// A larger pool.\n`)
    const before = done().length
    const view = await measured(ofTree)
    counts(view)
    expect(view).toMatchObject({
      reason: 'does a larger pool carry more?',
      release: { subject: 'working tree on main (1 file changed)' },
      change: { branch: 'main' },
    })
    expect(view.release?.short).not.toBe(first)
    await isAsBefore(view)
    const [live, brought] = [view.guest?.instead.digest, view.release?.digest]
    expect(done().slice(before)).toEqual([
      ...['clean', 'migrate', 'seed'].map((name) => `${name} ${brought}`),
      ...['clean', 'migrate'].map((name) => `${name} ${live}`),
    ])
  })

  it('is red when the pipeline fails, with the reason, and disturbs nobody', async () => {
    const text = readFileSync(join(stage.clone, 'server.test.js'), 'utf8')
    await stage.write('server.test.js', `${text}\nthrow new Error('not yet')\n`)
    const before = done().length
    expect(await stage.exitOf(...wordsOf(ofTree))).toBe(1)
    const { last } = (await row('perf')).loadTests ?? {}
    expect(last).toMatchObject({
      standing: 'failed',
      text: expect.stringMatching(/^its pipeline: test .*\(hello\.\d+\)$/),
    })
    expect(done().length).toBe(before)
    await stage.write('server.test.js', text)
  })

  it('follows production as ever in between', async () => {
    await stage.git('stash', '--quiet')
    // What follows is about the life around the search: nobody needs to hear again what it finds.
    await stage.edit('plimsoll.config.ts', (text) => text.replace("budget: '30s'", "budget: '5s'"))
    await deploymentEnds(stage, await stage.push('Search for less time'), 'perf')
    expect((await row('production')).release?.short).not.toBe(first)
    await until('perf is asleep', async () => ((await row('perf')).status.is === 'asleep' ? true : undefined))
    await stage.git('stash', 'pop', '--quiet')
  })

  it('measures a branch, with kill -9 before it lets go of it, while the command line follows', async () => {
    await stage.git('checkout', '--quiet', '-b', 'larger-pool')
    await stage.git('commit', '--quiet', '--all', '--message', 'A larger pool')
    await killing.arm('loadTests.drop:before:1')
    const view = await measured(ofBranch)
    await killing.reached()
    counts(view)
    expect(view.change).toMatchObject({ branch: 'larger-pool', subject: 'A larger pool' })
    await isAsBefore(view)
  })

  it('measures a release that is not live any more, with kill -9 as requests are let in', async () => {
    await killing.arm('gateways.apply:after:2')
    const view = await measured(ofRelease.replace('9f8e7d6c5b4a', first))
    await killing.reached()
    counts(view)
    expect(view.release?.short).toBe(first)
    expect(view.guest?.instead.short).not.toBe(first)
    expect(view.change).toBeUndefined()
    await isAsBefore(view)
  })

  it('refuses what it cannot mean', async () => {
    expect(await stage.exitOf('load', 'test', 'perf', '--release', first, '--working-tree')).toBe(2)
    expect(await stage.exitOf('load', 'test', 'production', '--working-tree')).toBe(2)
  })
})
