import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeploymentView, LoadHistoryView } from '../../src/contract/index.ts'
import { foundRatio } from '../../src/load/plan/compare/testdata/evidence.ts'
import { worldPoints } from '../../src/server/processes/crash-points.ts'
import { openBrowser, overflowOf, type View, withView } from '../support/browser.ts'
import { type Killing, killingOf } from '../support/killing.ts'
import { buildPage } from '../support/page-build.ts'
import { needs } from '../support/requirements.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { comparisonEnds, deploymentEnds, services, until } from '../support/story.ts'
import { everybodyCanUse } from '../support/views.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

let stage: Stage
let killing: Killing
let browser: Browser | undefined
let first: string
let slow: string

/** The gate, with a budget that tells a large difference, or with one that tells nothing. */
const gateWith = (budget: string) => (text: string) =>
  text
    .replace(/ {2}slos: .*\n {2}load: .*\n/, '')
    .replace(
      '  environments: {',
      `  slos: [{ kind: 'latency', objective: 0.99, below: '250ms' }],\n  load: { budget: '${budget}', besideProduction: true },\n  environments: {`,
    )
    .replace('deploy: rolling() }', "deploy: rolling(), gates: ['tests', 'loadLine'] }")

/** Each request keeps its process busy for a while. */
const busy = (code: string) =>
  code.replace('  request\n', '  for (const end = Date.now() + 4; Date.now() < end; );\n  request\n')

const inProduction = async () =>
  (await services(stage)).services[0]?.environments.find(({ name }) => name === 'production')

const history = (): Promise<LoadHistoryView> => stage.get('/api/services/hello/load')

/** A deployment to production of a change, newer than the one named. */
const newest = (commit: string, not: string): Promise<DeploymentView> =>
  until('another deployment', async () => {
    const view = await deploymentEnds(stage, commit, 'production')
    return view.id === not ? undefined : view
  })

beforeAll(async () => {
  // Before the server starts: it looks once which files the page has.
  expect(buildPage()).toBe('')
  if (!needs('chromium').missing) browser = await openBrowser()
  stage = await setStage(source, 'hello')
  killing = killingOf(stage)
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
  await stage.edit('plimsoll.config.ts', gateWith('85s'))
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

describe('the gate loadLine', { timeout: 240_000 }, () => {
  it('takes the first release as the baseline', async () => {
    first = await stage.push('Say hello')
    const view = await deploymentEnds(stage, first, 'production')
    expect(view).toMatchObject({
      standing: 'passed',
      gates: [
        { name: 'tests', is: 'pass' },
        { name: 'loadLine', is: 'pass' },
      ],
    })
    expect(await history()).toMatchObject({ comparisons: [], line: [{ index: 1 }] })
  })

  it('stops a change that carries less, though the server was killed while it was measured', async () => {
    await stage.edit('server.js', busy)
    slow = await stage.push('Think about each request')
    await until('a round', async () => {
      const [going] = (await history()).comparisons
      const view = going && (await stage.get<{ rounds: unknown[] }>(`/api/comparisons/${going.id}`))
      return view && view.rounds.length > 0 ? true : undefined
    })
    await killing.kill()
    const found = await comparisonEnds(stage, slow)
    expect(found.text).toMatch(/carries \d+ % less than [0-9a-f]{12} \(95 %: /)
    expect(found).toMatchObject({ standing: 'failed', environment: 'production', objective: 'p99<250ms' })
    expect(found.effects[0]).toMatchObject({ metric: 'carries', verdict: 'fail' })
    expect(found.place).toMatch(new RegExp(`^${availableParallelism()} cores, .*beside production`))
    const stopped = await deploymentEnds(stage, slow, 'production')
    expect(stopped).toMatchObject({ standing: 'failed', rail: [] })
    expect(stopped.gates[1]).toMatchObject({ is: 'fail', link: `/comparisons/${found.id}` })
    expect(stopped.reasons[0]?.text).toMatch(/^gate loadLine: .* carries \d+ % less/)
    expect(await inProduction()).toMatchObject({ release: { commit: first }, status: { is: 'steady' } })
    const log = await (await fetch(`${stage.server}/api/comparisons/${found.id}/log`)).text()
    expect(log.match(/^round 1:/gm)).toHaveLength(1)
    expect(await stage.plimsoll('load', 'history')).toMatch(/✗ failed +[0-9a-f]{12} .*carries \d+ % less/)
  })

  it('lets it through for a waiver, which is shown until it ends', async () => {
    const stopped = await deploymentEnds(stage, slow, 'production')
    expect(await stage.plimsoll('waive', 'production', 'loadLine', '--json')).toMatch(
      /"problems":\[\{"at":"--reason".*\{"at":"--for"/,
    )
    const told = await stage.plimsoll(
      'waive',
      'production',
      'loadLnie',
      '--reason',
      'x',
      '--for',
      '1h',
      '--json',
    )
    expect(told).toMatch(/has no gate loadLnie.*"didYouMean":"loadLine"/)
    await stage.plimsoll('waive', 'production', 'loadLine', '--reason', 'needed today', '--for', '10m')
    expect(await stage.plimsoll('status')).toMatch(
      /hello production: gate loadLine is waived by first until .*: needed today/,
    )
    await stage.plimsoll('promote', 'production', '--yes')
    const through = await newest(slow, stopped.id)
    expect(through).toMatchObject({ standing: 'passed' })
    expect(through.gates[1]).toMatchObject({
      is: 'fail',
      waiver: { owner: 'first', reason: 'needed today' },
    })
    expect(await inProduction()).toMatchObject({ release: { commit: slow }, waivers: [{ gate: 'loadLine' }] })
    await stage.plimsoll('unwaive', 'production', 'loadLine')
    expect((await inProduction())?.waivers).toEqual([])
  })

  it.each(worldPoints.comparisons)(
    'is not let through by servers that die before and after they %s it',
    async (call) => {
      const points = [`comparisons.${call}:before`, `comparisons.${call}:after`]
      await stage.edit('plimsoll.config.ts', gateWith('1s'))
      await stage.edit('server.js', (code) => code.replace(/hello.* from/, `hello ${call} from`))
      await killing.arm(...points)
      const commit = await stage.push(`Change at ${points.join(', ')}`)
      await killing.reached()
      const found = await comparisonEnds(stage, commit)
      expect(found).toMatchObject({ standing: 'inconclusive', rounds: [] })
      const held = await deploymentEnds(stage, commit, 'production')
      expect(held).toMatchObject({ standing: 'inconclusive', rail: [] })
      expect(await inProduction()).toMatchObject({ release: { commit: slow } })
      const log = await (await fetch(`${stage.server}/api/comparisons/${found.id}/log`)).text()
      expect(log.match(/beside/g)).toHaveLength(1)
    },
  )

  it('believes a comparison that was made elsewhere, and says who brought it', async () => {
    const commit = await stage.git('rev-parse', 'HEAD')
    const held = await deploymentEnds(stage, commit, 'production')
    const evidence = foundRatio(1, { base: slow, change: commit })
    const file = join(stage.folder, 'comparison.json')
    const write = (exactly: string) =>
      writeFileSync(
        file,
        JSON.stringify({
          ...evidence,
          startedAt: Date.now(),
          about: { ...evidence.about, change: { name: 'mine', exactly } },
        }),
      )
    write('files in .')
    expect(await stage.plimsoll('load', 'import', file, '--json')).toMatch(
      /PLM_NOT_FOUND.*hello has no release of files in.*about\.change\.exactly/,
    )
    write(commit)
    expect(await stage.plimsoll('load', 'import', file)).toMatch(
      /^Evidence of [0-9a-f]{12} beside [0-9a-f]{12}: /,
    )
    await stage.plimsoll('promote', 'production', '--yes')
    const through = await newest(commit, held.id)
    expect(through).toMatchObject({ standing: 'passed' })
    expect(through.gates[1]).toMatchObject({ name: 'loadLine', is: 'pass' })
  })
})

/** Where each page is, of what the gate has seen. */
async function addressOf(name: string): Promise<string> {
  const addresses: Readonly<Record<string, () => Promise<string>>> = {
    comparison: async () => `/comparisons/${(await comparisonEnds(stage, slow)).id}`,
    history: async () => '/services/hello/load',
    change: async () => `/services/hello/changes/${slow}`,
    deployment: async () => `/deployments/${(await deploymentEnds(stage, slow, 'production')).id}`,
    services: async () => '/',
  }
  return (await addresses[name]?.()) ?? '/'
}

describe.skipIf(needs('chromium').missing)('its pages', { timeout: 60_000 }, () => {
  const visit = <T>(name: string, view: View, use: (page: Page) => Promise<T>): Promise<T> =>
    withView(browser as Browser, view, async (page) => {
      await page.goto(`${stage.server}${await addressOf(name)}`)
      await page.locator('h1').first().waitFor()
      return use(page)
    })

  it('have a waiver to show', async () => {
    await stage.plimsoll('waive', 'production', 'loadLine', '--reason', 'once more', '--for', '10m')
    expect((await inProduction())?.waivers).toHaveLength(1)
  })

  everybodyCanUse(
    ['comparison', 'history', 'change', 'deployment', 'services'],
    (view, name, use) => visit(name, view, use),
    async (page) => expect(await overflowOf(page)).toBe(0),
  )

  it('a comparison says what was found, and shows each round by keyboard', async () => {
    await visit('comparison', {}, async (page) => {
      const said = await page.locator('p[aria-live]').first().innerText()
      expect(said).toMatch(/failed[\s\S]*carries \d+ % less/)
      const slider = page.getByRole('slider', { name: 'Round' })
      await slider.focus()
      await page.keyboard.press('Home')
      expect(await slider.getAttribute('aria-valuetext')).toMatch(
        /^Round 1: base [\d,.]+ requests\/s, change [\d,.]+ requests\/s, −\d+ %/,
      )
    })
  })

  it('the deployment shows the waiver that let it through', async () => {
    await visit('deployment', {}, async (page) => {
      await page.getByText('let through').waitFor()
      expect(await page.locator('main').innerText()).toMatch(/by first until .*: needed today/)
      await page.getByRole('link', { name: 'See the comparison of loadLine' }).click()
      await page.getByRole('heading', { name: 'Think about each request beside Say hello' }).waitFor()
    })
  })

  it('the history names what was lost', async () => {
    await visit('history', {}, async (page) => {
      await page.getByRole('slider', { name: 'Release' }).waitFor()
      expect(await page.locator('main').innerText()).toMatch(/Carries \d+ % less/)
    })
  })
})
