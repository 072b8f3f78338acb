import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dark, light } from '../../src/web/tokens.ts'
import { answerWith } from '../support/answers.ts'
import {
  openAll,
  openBrowser,
  overflowOf,
  shoot,
  textsCutOff,
  type View,
  violationsOn,
  withView,
} from '../support/browser.ts'
import { buildPage } from '../support/page-build.ts'
import { needs } from '../support/requirements.ts'
import { extremePages, extremes, longest } from './extremes.fixture.ts'
import { firstPage, names } from './fifteen.fixture.ts'

type Told = Awaited<ReturnType<typeof answerWith>>

let browser: Browser
/** A team's fifteen services; everything at its longest and widest; and a server that never answers. */
let [fifteen, widest, silent]: (Told | undefined)[] = []

const open = (told: Told | undefined, path: string, view: View, use: (page: Page) => Promise<void>) =>
  withView(
    browser,
    view,
    async (page) => {
      await page.goto(`${told?.address}${path}`)
      await page.locator('h1').first().waitFor()
      await use(page)
    },
    { reducedMotion: 'reduce' },
  )

const visit = (name: string, view: View, use: (page: Page) => Promise<void>) => {
  const path = extremePages[name]
  return open(path === undefined ? fifteen : widest, path ?? '/', view, use)
}

/** Goes on by the keyboard until it is at what is called so. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press('Tab')
    // The page as a whole says everything, and is nowhere.
    const text = await page.evaluate(() => {
      const at = document.activeElement
      return at === document.body ? '' : `${at?.getAttribute('aria-label') ?? ''} ${at?.textContent}`
    })
    if (text.includes(name)) return
  }
  throw new Error(`${name} is not reached by keyboard`)
}

const groundOf = (page: Page): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor)

const asRgb = (colour: string): string =>
  `rgb(${[1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16)).join(', ')})`

describe.skipIf(needs('chromium').missing)('the page at its extremes', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    expect(buildPage()).toBe('')
    fifteen = await answerWith(firstPage)
    widest = await answerWith(extremes)
    silent = await answerWith({ ...firstPage, '/api/services': null })
    browser = await openBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    for (const told of [fifteen, widest, silent]) await told?.close()
  })

  // That colours can be told apart is seen to where less is shown: here it is what is long, wide or many.
  it.each(['fifteen services', ...Object.keys(extremePages)])(
    'can be used by everybody: %s',
    async (name) => {
      await visit(name, { width: 800 }, async (page) => {
        await shoot(page, `extremes ${name}`)
        expect(await overflowOf(page)).toBe(0)
        expect(await textsCutOff(page, '.drawing', 'text')).toEqual([])
      })
      await visit(name, { width: 320 }, async (page) => {
        await shoot(page, `extremes ${name} narrow`)
        await openAll(page)
        expect(await overflowOf(page)).toBe(0)
        expect(await textsCutOff(page, '.drawing', 'text')).toEqual([])
        expect(await violationsOn(page)).toEqual([])
      })
    },
  )

  it('has what is wrong, what is coming and all fifteen services on the first screen', () =>
    open(fifteen, '/', { theme: 'dark' }, async (page) => {
      const rows = page.getByRole('table', { name: 'Services by environment' }).getByRole('row')
      await expect.poll(() => page.getByRole('link', { name: '1 page' }).count()).toBe(1)
      expect(await rows.count()).toBe(1 + names.length)
      const last = await rows.last().boundingBox()
      expect((last?.y ?? Number.NaN) + (last?.height ?? 0)).toBeLessThanOrEqual(900)
      for (const question of ['What is wrong?', 'What is coming?']) {
        const heading = await page.getByRole('heading', { name: question }).boundingBox()
        expect(heading?.y).toBeLessThan(200)
      }
      expect(await violationsOn(page)).toEqual([])
    }))

  it('shows of many services those that somebody chooses, and keeps that in the address', () =>
    open(fifteen, '/', {}, async (page) => {
      const table = page.getByRole('table', { name: 'Services by environment' })
      await page.getByLabel('only what is not well').check()
      await page.getByText('6 of 15 are shown.').waitFor()
      await page.getByLabel('Name').fill('LED')
      await page.getByText('1 of 15 are shown.').waitFor()
      expect(await table.getByRole('row').count()).toBe(2)
      // So few have room for all that there is to say.
      await page.getByRole('button', { name: /^Promote/ }).waitFor()
      expect(new URL(page.url()).search).toBe('?name=LED&only=trouble')
      await page.reload()
      await page.getByText('1 of 15 are shown.').waitFor()
    }))

  it('leads by keyboard alone from all services to a change, its log, its deployment and who let it through', () =>
    open(widest, '/', {}, async (page) => {
      await tabTo(page, longest)
      await page
        .getByRole('table', { name: 'Services by environment' })
        .getByRole('link', { name: longest })
        .focus()
      await page.keyboard.press('Enter')
      // No hand presses the next key before the service has unfolded.
      await page.getByRole('link', { name: 'Tell the ledger of refunds' }).nth(1).waitFor()
      await tabTo(page, 'Tell the ledger of refunds')
      await page.keyboard.press('Enter')
      await tabTo(page, 'Output of npm ci')
      expect(await page.locator('.log mark').innerText()).toBe('Error: it did not hold')
      await tabTo(page, 'dev')
      await page.keyboard.press('Enter')
      // By the clocks of its team, whoever looks.
      await page.getByText(/let through by ada until .*(IST|GMT\+5:30)/).waitFor()
      await tabTo(page, 'Sign off')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor()
    }))

  it.each([
    ['dark', 'light', dark],
    ['light', 'dark', light],
  ] as const)(
    'is %s for a reader who chose so, on a system that is %s; on paper it is light',
    (choice, theme, tokens) =>
      open(fifteen, '/', { theme }, async (page) => {
        await page.getByLabel('Theme').selectOption(choice)
        expect(await groundOf(page)).toBe(asRgb(tokens.page))
        await page.emulateMedia({ media: 'print', colorScheme: theme })
        expect(await groundOf(page)).toBe(asRgb(light.page))
      }),
  )

  it('says that it still looks where the server takes long to answer', () =>
    withView(browser, {}, async (page) => {
      await page.clock.install()
      await page.goto(`${silent?.address}/`)
      await page.getByText('Looking …').waitFor()
      await page.clock.fastForward(5_000)
      await page.getByText(/^Still looking/).waitFor()
    }))
})
