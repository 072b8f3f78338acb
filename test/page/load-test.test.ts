import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  collidingTexts,
  inBothThemes,
  openAll,
  openBrowser,
  overflowOf,
  shoot,
  textsCutOff,
  type View,
  violationsOn,
  withView,
} from '../support/browser.ts'
import { type Growth, growingRequests } from '../support/growth.ts'
import { buildPage } from '../support/page-build.ts'
import { needs } from '../support/requirements.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, loadTestEnds, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

const perf = `
    perf: {
      inStepWith: 'production',
      size: 1 / 3,
      scales: 'they share nothing',
      env: { COLOUR: 'grey' },
      differs: { 'env.COLOUR': 'nobody looks at it' },
      loadTest: { at: ['daily 03:00 Europe/London'] },
    },
  },
  slos: [slo.latency({ objective: 0.99, below: '1s' })],
  load: { besideProduction: true, path: '/?slow=20', line: { min: 5, max: 60, trial: '1s', budget: '80s' } },
})`

let stage: Stage
let browser: Browser

const views: readonly (readonly [string, View])[] = [
  ['wide', {}],
  ['narrow', { width: 320 }],
]

const pages = {
  services: '/',
  'a load test': '/load-tests/hello.perf.test-1',
  'a load test of a working tree': '/load-tests/hello.perf.test-2',
  forecast: '/forecast?service=hello&environment=production',
} as const

const tellsOf: Readonly<Record<keyof typeof pages, string>> = {
  services: 'load line',
  'a load test': 'Life of the environment',
  'a load test of a working tree': 'Life of the environment',
  forecast: 'requests/s, busiest',
}

const visit = async (page: Page, name: keyof typeof pages) => {
  await page.goto(`${stage.server}${pages[name]}`)
  await page.locator('h1').first().waitFor()
  await page.getByText(tellsOf[name]).first().waitFor()
}

const dayMs = 86_400_000
/** What perf carries at least, three times. */
const line = 180
let growth: Growth

describe.skipIf(needs('chromium').missing)(
  'the page of an environment that measures itself',
  { timeout: 120_000 },
  () => {
    beforeAll(async () => {
      expect(buildPage()).toBe('')
      stage = await setStage(source, 'hello')
      browser = await openBrowser()
      writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
      await stage.edit('plimsoll.config.ts', (text) =>
        text.replace('rolling, secret, sh', 'rolling, secret, sh, slo').replace(/\n {2}\},\n\}\)/, perf),
      )
      await deploymentEnds(stage, await stage.push('Measure each release'), 'perf')
      await loadTestEnds(stage, 'perf', 1)
      await stage.edit('server.js', (text) => `${text}\n// A larger pool.\n`)
      await stage.plimsoll('load', 'test', 'perf', '--working-tree')
      growth = growingRequests({ until: Date.now() - 600_000, weeks: 5, peak: 135 })
      writeFileSync(join(stage.folder, 'history.jsonl'), growth.history)
      await stage.plimsoll('slo', 'import', join(stage.folder, 'history.jsonl'), 'production')
    }, 320_000)

    afterAll(async () => {
      await browser?.close()
      await stage?.close()
    })

    const cases = views.flatMap(([view, how]) =>
      Object.keys(pages).map((name) => [view, name as keyof typeof pages, how] as const),
    )

    it.each(cases)('%s, %s: everybody can use it, and it fits', (view, name, how) =>
      withView(
        browser,
        how,
        async (page) => {
          await visit(page, name)
          await openAll(page)
          expect(await textsCutOff(page, '.drawing', 'text')).toEqual([])
          await inBothThemes(page, async (theme) => {
            await shoot(page, `${name}-${view}-${theme}`)
            expect(await violationsOn(page), theme).toEqual([])
          })
          expect(await overflowOf(page)).toBeLessThanOrEqual(0)
          expect(await collidingTexts(page, '.drawing svg', 'text', 2)).toEqual([])
        },
        { reducedMotion: 'reduce' },
      ),
    )

    it('tells when what grows reaches the line, says what of that was made up, and is read by keyboard', () =>
      withView(browser, {}, async (page) => {
        await visit(page, 'forecast')
        const months = page.getByRole('region', { name: 'The next months' })
        const finding = await months.locator('figcaption').innerText()
        const [, said = ''] =
          /^Production of hello reaches 180\/s about (\d+ \w+ ?\d*) \(80 %: /.exec(finding) ?? []
        const year = /\d{4}$/.test(said) ? '' : ` ${new Date().getUTCFullYear()}`
        const reached = Date.parse(`${said}${year} UTC`)
        expect(
          Math.abs(reached - growth.reaches(line)),
          `${finding} Truly ${new Date(growth.reaches(line))}.`,
        ).toBeLessThanOrEqual(10 * dayMs)
        expect(await months.getByText('back-filled', { exact: true }).count()).toBe(1)
        expect(await page.getByText(/^Back-filled by first, not seen here: the requests from /).count()).toBe(
          1,
        )
        const slider = months.getByRole('slider', { name: 'Week' })
        await slider.focus()
        expect(await slider.getAttribute('aria-valuetext')).toMatch(
          /^week from .*, expected: \d+\/s \(50 %: .* of the load line$/,
        )
        await page.keyboard.press('ArrowLeft')
        expect(await slider.getAttribute('aria-valuetext')).not.toContain('expected')
        const week = page.getByRole('region', { name: 'The next week' })
        expect(await week.locator('figcaption').innerText()).toMatch(
          /^Production of hello expects its busiest hour on /,
        )
        await week.getByText('Show data').click()
        expect(await week.getByRole('row').count()).toBeGreaterThan(300)
        await page.goto(`${stage.server}/services/hello/health`)
        const headroom = page.getByRole('region', { name: 'Headroom of production' })
        await headroom.getByText(/^Peaked at no more than /).waitFor()
        expect(await headroom.getByText(/^Probability of crossing it: /).count()).toBe(1)
      }))

    it('shows what was measured in the place of what runs, and that it is back', () =>
      withView(browser, {}, async (page) => {
        await visit(page, 'a load test of a working tree')
        for (const fact of [
          /^working tree on main \(1 file changed\), of main$/,
          /^[0-9a-f]{12} is back, asleep$/,
        ])
          expect(await page.getByText(fact).count()).toBe(1)
        const rail = page.getByRole('listitem')
        for (const step of ['bring the release', 'take the release away again'])
          expect(await rail.filter({ hasText: step }).count()).toBe(1)
      }))

    it('leads from the environment to what was measured in it', () =>
      withView(browser, {}, async (page) => {
        await visit(page, 'services')
        await until('it sleeps', async () =>
          (await page.getByText('asleep', { exact: true }).count()) > 0 ? true : undefined,
        )
        expect(await page.getByText('in step with production, but for 1 declared difference').count()).toBe(1)
        expect(await page.getByText(/^env\.COLOUR$/).count()).toBe(1)
        await page.getByRole('link', { name: /Last load test/ }).click()
        await page.getByRole('heading', { name: 'Load test of perf' }).waitFor()
        expect(await page.getByRole('listitem').filter({ hasText: 'search its load line' }).count()).toBe(1)
        expect(await page.getByText('Counts for the environment').count()).toBe(1)
      }))
  },
)
