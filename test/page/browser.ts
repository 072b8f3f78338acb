import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { chromiumPath } from '../support/requirements.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** The distribution's Chromium, which asks nobody for anything. */
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
    ],
  })

export type Seen = {
  readonly theme?: 'light' | 'dark'
  /** CSS pixels. */
  readonly width?: number
  readonly forcedColours?: boolean
}

/** A window of its own, with a storage of its own. */
export async function withPage<T>(
  browser: Browser,
  { theme = 'light', width = 1_200, forcedColours = false }: Seen,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({
    colorScheme: theme,
    viewport: { width, height: 900 },
    reducedMotion: 'reduce',
    forcedColors: forcedColours ? 'active' : 'none',
  })
  try {
    return await use(await context.newPage())
  } finally {
    await context.close()
  }
}

/** Kept for whoever wants to look: PLIMSOLL_SCREENSHOTS names the folder. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.PLIMSOLL_SCREENSHOTS
  if (folder) writeFileSync(join(folder, `${name}.png`), await page.screenshot({ fullPage: true }))
}

type Violation = {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

/** What axe finds wrong, one line each. */
export async function violationsOn(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: axe })
  const found = await page.evaluate(
    (only) =>
      (
        globalThis as unknown as {
          axe: { run(where: Document, how: object): Promise<{ violations: Violation[] }> }
        }
      ).axe.run(document, { runOnly: only }),
    tags,
  )
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary ?? ''}`),
  )
}

/** Pixels that the page is wider than its window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
