import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { inBothThemes, openAll, overflowOf, shoot, textsCutOff, type View, violationsOn } from './browser.ts'

/** Opens a page by its name, seen in some way, for as long as it is used. */
export type Visit = (view: View, name: string, use: (page: Page) => Promise<void>) => Promise<void>

/**
 * Tests of every page: in both themes and 320 pixels wide, with all of it open, everybody can use it.
 * @param more what else must hold of each
 */
export function everybodyCanUse(
  names: readonly string[],
  visit: Visit,
  more: (page: Page) => Promise<void> = async () => {},
): void {
  describe.each(names)('%s', (name) => {
    it('can be used by everybody, in both themes', () =>
      visit({}, name, async (page) => {
        await inBothThemes(page, (theme) => shoot(page, `${name} ${theme}`))
        await openAll(page)
        await inBothThemes(page, async (theme) => expect(await violationsOn(page), theme).toEqual([]))
        expect(await textsCutOff(page, '.drawing', 'text')).toEqual([])
        await more(page)
      }))

    it('fits into 320 pixels', () =>
      visit({ width: 320 }, name, async (page) => {
        await shoot(page, `${name} narrow`)
        await more(page)
        await openAll(page)
        expect(await overflowOf(page)).toBe(0)
        expect(await textsCutOff(page, '.drawing', 'text')).toEqual([])
        expect(await violationsOn(page)).toEqual([])
      }))
  })
}
