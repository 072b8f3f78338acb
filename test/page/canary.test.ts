import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeploymentView } from '../../src/contract/index.ts'
import {
  collidingTexts,
  openBrowser,
  overflowOf,
  shoot,
  textsCutOff,
  type View,
  violationsOn,
  withView,
} from '../support/browser.ts'
import { byDeclines, countedPayments, deployedBy, failingOnceIn, paying } from '../support/hello.ts'
import { startLoad } from '../support/load-client.ts'
import { buildPage } from '../support/page-build.ts'
import { needs } from '../support/requirements.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, deploymentUnderWay, services } from '../support/story.ts'
import { everybodyCanUse, type Visit } from '../support/views.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

let stage: Stage
let browser: Browser
/** Address of every page, by name. */
const pages: Record<string, string> = {}
const names = ['services', 'a canary that passed', 'a canary that failed', 'a canary that is held']

const withPage = <T>(view: View, use: (page: Page) => Promise<T>): Promise<T> =>
  withView(browser, view, use, { reducedMotion: 'reduce' })

async function visit(page: Page, name: string): Promise<void> {
  await page.goto(`${stage.server}${pages[name]}`)
  await page.locator('h1').first().waitFor()
}

const seen: Visit = (view, name, use) =>
  withPage(view, async (page) => {
    await visit(page, name)
    await use(page)
  })

/** Production by a canary, quick enough for a test. */
const canaryWith = (options: string) =>
  deployedBy(
    `canary({ stages: [0.2], watch: '6s', warmUp: '0s', minRequests: 20, bake: '0s', ${byDeclines}, ${options} })`,
  )

const addressOf = ({ id }: DeploymentView): string => `/deployments/${encodeURIComponent(id)}`

/** While it is judged. */
async function lookMeanwhile(view: DeploymentView): Promise<void> {
  const rows = (await services(stage)).services[0]?.environments
  expect(rows?.find(({ name }) => name === 'production')?.status).toEqual({
    is: 'deploying',
    text: 'canary: judge it at 20 % until it is judged',
  })
  pages['a canary that is judged'] = addressOf(view)
  await withPage({}, async (page) => {
    await visit(page, 'a canary that is judged')
    await shoot(page, 'a canary that is judged')
    expect(await violationsOn(page)).toEqual([])
  })
}

/** A canary that passes and one that fails, with light traffic. */
async function playJudged(): Promise<void> {
  const load = startLoad({
    host: '127.0.0.1',
    port: stage.production,
    ratePerSecond: 40,
    newConnectionShare: 0.2,
    mix: () => ({ method: 'GET', path: '/' }),
  })
  await stage.write('README.md', 'Hello.\n')
  const change = await stage.push('Say what it is')
  await lookMeanwhile(await deploymentUnderWay(stage, 'the judge', ({ judge }) => judge?.is === 'open'))
  const good = await deploymentEnds(stage, change, 'production')
  await stage.edit('plimsoll.config.ts', canaryWith(''))
  await stage.edit('server.js', failingOnceIn(4))
  const bad = await deploymentEnds(stage, await stage.push('Fail now and then'), 'production')
  await load.stop()
  pages['a canary that passed'] = addressOf(good)
  pages['a canary that failed'] = addressOf(bad)
  expect([good, bad].map(({ judge }) => judge?.is)).toEqual(['pass', 'fail'])
}

async function play(): Promise<void> {
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
  await stage.edit('plimsoll.config.ts', canaryWith('latency: false'))
  await stage.edit('plimsoll.config.ts', countedPayments)
  await stage.edit('server.js', paying)
  await deploymentEnds(stage, await stage.push('Say hello'), 'production')
  await playJudged()
  await stage.edit('plimsoll.config.ts', canaryWith("deadline: '5s', inconclusive: 'hold'"))
  await stage.git('checkout', '--quiet', 'HEAD~1', '--', 'server.js')
  await stage.push('Ask a person when nobody can tell')
  pages['a canary that is held'] = addressOf(
    await deploymentUnderWay(stage, 'the canary that is held', ({ held }) => held !== undefined),
  )
  pages.services = '/'
}

/** Tabs on until what has the focus is called so. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab')
    const text = await page.evaluate(() => document.activeElement?.textContent ?? '')
    if (name.test(text)) return
  }
  throw new Error(`${name} is not reached by keyboard`)
}

async function nothingCollides(page: Page): Promise<void> {
  expect(await collidingTexts(page, '.drawing', 'text', 4)).toEqual([])
}

describe.skipIf(needs('chromium').missing)('the page of a canary', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    expect(buildPage()).toBe('')
    stage = await setStage(source, 'hello')
    browser = await openBrowser()
    await play()
  }, 180_000)

  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })

  everybodyCanUse(names, seen, nothingCollides)

  it('has room for the longest that can be said of a metric', async () => {
    const long = {
      title: 'declined_payments_of_all_cards_abroad (1,250 ms)',
      problem: 'it has no such counter',
      canary: { bad: 98_765, of: 1_234_567, share: 0.08 },
      live: { bad: 98_765, of: 12_345_678, share: 0.008 },
      ratio: { estimate: null, low: 9.1, high: null, of: 'rates' },
      p: 0.0123,
    }
    const view = (await stage.get(`/api${pages['a canary that failed']}`)) as DeploymentView
    const metrics = view.judge?.metrics.map((one) => ({ ...one, ...long }))
    const json = { ...view, judge: { ...view.judge, metrics } }
    for (const width of [320, 700])
      await withPage({ width }, async (page) => {
        await page.route('**/api/deployments/*', (route) => route.fulfill({ json }))
        await visit(page, 'a canary that failed')
        await page
          .getByText(/^new: .* of 1,234,567$/)
          .first()
          .waitFor()
        await shoot(page, `long words at ${width}`)
        await nothingCollides(page)
        expect(await textsCutOff(page, '.drawing', 'text')).toEqual([])
        expect(await overflowOf(page)).toBe(0)
      })
  })

  describe.each(names)('%s', (name) => {
    it('is read where the reader has chosen the colours', async () => {
      await withPage({ forced: true }, async (page) => {
        await visit(page, name)
        await shoot(page, `${name} forced`)
        const unseen = await page.evaluate(() => {
          const ground = getComputedStyle(document.body).backgroundColor
          return [...document.querySelectorAll('.drawing .reach')].filter(
            (line) => getComputedStyle(line).stroke === ground,
          ).length
        })
        expect(unseen).toBe(0)
      })
    })
  })

  it('says what would happen before it is ordered, to everybody', async () => {
    await withPage({ width: 320 }, async (page) => {
      await visit(page, 'services')
      await page.getByRole('button', { name: 'Roll back hello staging' }).click()
      const ahead = page.getByRole('dialog').getByRole('region', { name: 'What would happen' })
      await ahead.getByText('Its stages, and the way back').press('Enter')
      expect(await ahead.innerText()).toMatch(/start 1 new instance[\s\S]*The way back/)
      await shoot(page, 'what would happen narrow')
      expect(await violationsOn(page)).toEqual([])
      expect(await overflowOf(page)).toBe(0)
    })
  })

  it('says what the judge found, and by how much', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'a canary that failed')
      const judge = page.getByRole('region', { name: 'Judge' })
      expect(await judge.innerText()).toMatch(/Worse[\s\S]*fails .* of its requests[\s\S]*20 % asked/)
      await page
        .getByRole('img', {
          name: /^Compared with the live version, the new release has failures .* as often/,
        })
        .waitFor()
      await page.getByText('Show data of New release against live version').press('Enter')
      const data = page.getByRole('region', { name: 'Data: New release against live version' })
      expect(await data.getByRole('row', { name: /failures/ }).innerText()).toMatch(/% of \d+.*×/s)
      await visit(page, 'a canary that passed')
      expect(await judge.innerText()).toMatch(
        /No worse[\s\S]*is no worse than the live version[\s\S]*% declined payments, the live version/,
      )
      await page.getByText('Show data of New release against live version').press('Enter')
      expect(await data.getByRole('row', { name: /declined payments/ }).innerText()).toMatch(/% of \d+/)
      expect(await page.getByRole('region', { name: 'Plan' }).innerText()).toMatch(/20 % of the requests/)
    })
  })

  it('says on the services page that a canary waits for somebody', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'services')
      await page.getByRole('link', { name: /hello production is held/ }).waitFor()
      expect(await page.getByRole('row', { name: /production/ }).innerText()).toMatch(
        /held[\s\S]*the judge could not tell/,
      )
    })
  })

  it('lets a held one go on by keyboard alone, for a reason that it keeps', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'a canary that is held')
      const held = page.getByRole('region', { name: /Held: the judge could not tell/ })
      expect(await held.innerText()).toMatch(
        /cannot be judged[\s\S]*plimsoll continue hello production --reason/,
      )
      await tabTo(page, /^Let it go on/)
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog')
      await dialog.waitFor()
      expect(await violationsOn(page)).toEqual([])
      await shoot(page, 'let it go on')
      await page.keyboard.press('Escape')
      expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Let it go on/)
      await page.keyboard.press('Enter')
      await dialog.waitFor()
      // Without a reason nothing is sent.
      await dialog.getByRole('button', { name: 'Let it go on' }).press('Enter')
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
      await page.keyboard.type('hardly any traffic at night')
      await page.keyboard.press('Tab')
      await page.keyboard.type(stage.token)
      await page.keyboard.press('Enter')
      await dialog.waitFor({ state: 'hidden' })
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
      await page
        .getByText(/runs in production in/)
        .first()
        .waitFor()
      const judge = page.getByRole('region', { name: 'Judge' })
      expect(await judge.innerText()).toMatch(
        /Let go on without a verdict\s+by first, (just now|\d+ (s|min) ago): hardly any traffic at night/,
      )
      await shoot(page, 'let on')
      expect(await violationsOn(page)).toEqual([])
    })
  })
})
