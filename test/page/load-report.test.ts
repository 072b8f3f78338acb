import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderHtml } from '../../src/load/report/index.ts'
import {
  lineFound,
  longRun,
  shortRun,
  stalledRun,
  unansweredRun,
} from '../../src/load/report/testdata/runs.ts'
import {
  collidingTexts,
  inBothThemes,
  openAll,
  openBrowser,
  overflowOf,
  shoot,
  type View,
  violationsOn,
  withView,
} from '../support/browser.ts'
import { needs } from '../support/requirements.ts'

const reports = {
  stalled: () => renderHtml(stalledRun(), lineFound()),
  unanswered: () => renderHtml(unansweredRun()),
  short: () => renderHtml(shortRun()),
  long: () => renderHtml(longRun()),
}
type Name = keyof typeof reports
const names = Object.keys(reports) as Name[]

let browser: Browser
let folder: string

/** Opens the file as a reader does, without script; whatever it wanted from elsewhere is told. */
const withReport = <T>(
  name: Name,
  view: View,
  use: (page: Page, asked: readonly string[]) => Promise<T>,
): Promise<T> =>
  withView(browser, view, async (page) => {
    const asked: string[] = []
    const address = pathToFileURL(join(folder, `${name}.html`)).href
    page.on('request', (request) => {
      if (request.url() !== address) asked.push(request.url())
    })
    await page.goto(address)
    return use(page, asked)
  })

/** Labels of plots that reach out of their card, where nobody could read them. */
const strayLabels = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.plot text')].flatMap((label) => {
      const card = label.closest('.card')?.getBoundingClientRect()
      const own = label.getBoundingClientRect()
      const inside = own.width === 0 || (card && own.left >= card.left && own.right <= card.right)
      return inside ? [] : [label.textContent ?? '']
    }),
  )

describe.skipIf(needs('chromium').missing)('the report of a load test', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-report-'))
    for (const name of names) writeFileSync(join(folder, `${name}.html`), reports[name]())
    browser = await openBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  describe.each(names)('%s', (name) => {
    it('can be read by everybody, in both themes', async () => {
      await withReport(name, {}, async (page, asked) => {
        await inBothThemes(page, (theme) => shoot(page, `report ${name} ${theme}`))
        await openAll(page)
        await inBothThemes(page, async (theme) => expect(await violationsOn(page), theme).toEqual([]))
        expect(asked.filter((one) => !one.startsWith('data:'))).toEqual([])
      })
    })

    it('fits into 320 pixels, with every label', async () => {
      await withReport(name, { width: 320 }, async (page) => {
        await shoot(page, `report ${name} narrow`)
        expect(await strayLabels(page)).toEqual([])
        expect(await collidingTexts(page, '.plot', '.tick', 2)).toEqual([])
        await openAll(page)
        expect(await overflowOf(page)).toBe(0)
        expect(await violationsOn(page)).toEqual([])
      })
    })

    it('fits onto a wide screen', async () => {
      await withReport(name, {}, async (page) => {
        expect(await strayLabels(page)).toEqual([])
        expect(await collidingTexts(page, '.plot', '.tick', 2)).toEqual([])
        expect(await overflowOf(page)).toBe(0)
      })
    })
  })

  it('says its verdict first, and shows the data of a plot by keyboard', async () => {
    await withReport('stalled', {}, async (page) => {
      expect(await page.locator('h1').innerText()).toBe('Load test failed: 1 of 4 thresholds was missed')
      const data = page.getByText('Show data: Latency over time')
      await data.press('Enter')
      const table = page.getByRole('region', { name: 'Data: Latency over time' })
      expect(await table.getByRole('row').count()).toBe(31)
      expect(await table.getByRole('row', { name: '0:15' }).innerText()).toMatch(/ms/)
    })
  })

  it('is one picture with a caption where it is not seen', async () => {
    await withReport('stalled', {}, async (page) => {
      const plots = page.getByRole('img')
      expect(await plots.count()).toBe(4)
      await page.getByRole('img', { name: /^Carries 828\/s \(95 %: 803\/s to 851\/s\)/ }).waitFor()
    })
  })

  it('stays on paper what it is on the screen: light, with all its tables', async () => {
    await withReport('stalled', { theme: 'dark' }, async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      await shoot(page, 'report stalled print')
      expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(20, 24, 29)')
    })
  })

  it('keeps its lines where the reader has chosen the colours', async () => {
    await withReport('stalled', { forced: true }, async (page) => {
      await shoot(page, 'report stalled forced')
      const strokes = await page.evaluate(() => {
        const ground = getComputedStyle(document.body).backgroundColor
        return [...document.querySelectorAll('.plot .line')].filter(
          (line) => getComputedStyle(line).stroke === ground,
        ).length
      })
      expect(strokes).toBe(0)
    })
  })
})
