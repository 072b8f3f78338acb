import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type JSHandle,
  type Page,
} from 'playwright-core'
import { chromiumPath } from './requirements.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** A name by which Chromium reaches this machine, and which is not its loopback's. */
export const elsewhere = 'plimsoll.example'

/** The distribution's Chromium, which asks nobody else for anything. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // As whoever reaches this machine by a name calls it.
      `--host-resolver-rules=MAP ${elsewhere} 127.0.0.1`,
    ],
  })

export type View = {
  readonly theme?: 'light' | 'dark'
  readonly width?: number
  /** The reader has chosen the colours. */
  readonly forced?: boolean
}

/** A page of its own for as long as it is used. */
export async function withView<T>(
  browser: Browser,
  { theme = 'light', width = 1_200, forced = false }: View,
  use: (page: Page, context: BrowserContext) => Promise<T>,
  more: BrowserContextOptions = {},
): Promise<T> {
  const context = await browser.newContext({
    colorScheme: theme,
    viewport: { width, height: 900 },
    forcedColors: forced ? 'active' : 'none',
    ...more,
  })
  try {
    return await use(await context.newPage(), context)
  } finally {
    await context.close()
  }
}

/** Kept for whoever wants to look: PLIMSOLL_SCREENSHOTS names the folder, which is made when it is not there. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.PLIMSOLL_SCREENSHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.png`), await page.screenshot({ fullPage: true }))
}

type Violation = {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

/** So many rows of a table are always looked at. */
const firstRows = 10

/**
 * Takes rows that say in the same markup what the row before says out of sight: thousands of cells are alike, and each costs
 * as much to look at as the first. @returns puts them back
 */
const withoutSameRows = (page: Page): Promise<JSHandle<() => void>> =>
  page.evaluateHandle((first) => {
    const shapeOf = (row: Element): string => row.outerHTML.replace(/>[^<]+</g, '><')
    const same = [...document.querySelectorAll('tbody')].flatMap(({ rows }) => {
      const shapes = [...rows].map(shapeOf)
      return [...rows].filter((row, i) => i >= first && !row.hidden && shapes[i] === shapes[i - 1])
    })
    for (const row of same) row.hidden = true
    return () => {
      for (const row of same) row.hidden = false
    }
  }, firstRows)

/** What keeps somebody from using the page, by the rules of WCAG 2.2 AA that a machine can check. */
export async function violationsOn(page: Page): Promise<string[]> {
  // Not by a tag of its own: nothing but the page's own files runs in it.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe)
  const putBack = await withoutSameRows(page)
  const found = await page.evaluate(
    (only) =>
      (
        globalThis as unknown as {
          axe: { run(where: Document, how: object): Promise<{ violations: Violation[] }> }
        }
      ).axe.run(document, { runOnly: only }),
    tags,
  )
  await putBack.evaluate((put) => put())
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary ?? ''}`),
  )
}

/** Opens everything that can be opened. */
export const openAll = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const one of document.querySelectorAll('details')) one.open = true
  })

/** The page in each theme, without loading it again. */
export async function inBothThemes(
  page: Page,
  look: (theme: 'light' | 'dark') => Promise<void>,
): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await look(theme)
  }
}

/** Texts of one plot that stand on each other, by more than so many pixels of their height. */
export const collidingTexts = (page: Page, plot: string, label: string, slackPx: number): Promise<string[]> =>
  page.evaluate(
    ([plots, labels, slack]) =>
      [...document.querySelectorAll(plots)].flatMap((one) => {
        const texts = [...one.querySelectorAll(labels)].map((text) => ({
          text: text.textContent ?? '',
          at: text.getBoundingClientRect(),
        }))
        return texts.flatMap((a, i) =>
          texts
            .slice(i + 1)
            .filter(
              (b) =>
                a.at.left < b.at.right &&
                b.at.left < a.at.right &&
                a.at.top < b.at.bottom - slack &&
                b.at.top < a.at.bottom - slack,
            )
            .map((b) => `${a.text} | ${b.text}`),
        )
      }),
    [plot, label, slackPx] as const,
  )

/** Texts of plots that go on beyond the plot, where nobody sees them. */
export const textsCutOff = (page: Page, plot: string, label: string): Promise<string[]> =>
  page.evaluate(
    ([plots, labels]) =>
      [...document.querySelectorAll(plots)].flatMap((one) => {
        const { left, right } = one.getBoundingClientRect()
        return [...one.querySelectorAll(labels)]
          .filter((text) => {
            const at = text.getBoundingClientRect()
            return at.left < left - 1 || at.right > right + 1
          })
          .map((text) => text.textContent ?? '')
      }),
    [plot, label] as const,
  )

/** By how much it is wider than the window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
