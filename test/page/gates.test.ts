import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeploymentView, ServicesView } from '../../src/contract/index.ts'
import { openBrowser, overflowOf, shoot, type View, violationsOn, withView } from '../support/browser.ts'
import { buildPage } from '../support/page-build.ts'
import { freePort } from '../support/ports.ts'
import { needs } from '../support/requirements.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, deploymentUnderWay, until } from '../support/story.ts'
import { everybodyCanUse, type Visit } from '../support/views.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

let stage: Stage
let browser: Browser
/** Address of every page, by name. */
const pages: Record<string, string> = { services: '/' }
/** What there was to say when the gate had said no. */
let afterRefusal: ServicesView
const names = ['services', 'a gate that said no', 'a deployment without a way back']

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

const addressOf = ({ id }: DeploymentView): string => `/deployments/${encodeURIComponent(id)}`

const change = async (text: string) => {
  await stage.edit('server.js', (code) => code.replace(/hello.* from/, `hello ${text} from`))
  return stage.push(text)
}

const waive = (gate: string, reason: string) =>
  stage.plimsoll('waive', 'production', gate, '--reason', reason, '--for', '2h')

/** A gate that says no, a webhook that nobody listens to, and a migration that leaves no way back. */
async function play(): Promise<void> {
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\nHOOK_KEY=hook-signing-key\n', {
    mode: 0o600,
  })
  await deploymentEnds(stage, await change('one'), 'production')
  const nobody = await freePort()
  await stage.edit('plimsoll.config.ts', (text) =>
    text
      .replace('defineConfig, rolling, secret, sh', 'command, defineConfig, secret, sh, webhook')
      .replace(
        'deploy: rolling()',
        `gates: ['tests', command('contracts', sh('echo "checkout 1.4 reads what this release no longer sends"; exit 1'))]`,
      )
      .replace(
        '  environments: {',
        `  notify: [webhook({ name: 'ops', url: 'http://127.0.0.1:${nobody}/', key: secret('HOOK_KEY') })],\n  environments: {`,
      ),
  )
  const two = await change('two')
  pages['a gate that said no'] = addressOf(await deploymentEnds(stage, two, 'production'))
  afterRefusal = await stage.get<ServicesView>('/api/services')
  await stage.edit('plimsoll.config.ts', (text) =>
    text.replace(
      '  pipeline: {',
      `  migrate: sh('echo migrated', { oldestCompatible: '${two.slice(0, 12)}' }),
  smoke: { after: sh('test "$ENVIRONMENT" = staging') },
  pipeline: {`,
    ),
  )
  await waive('contracts', 'checkout 1.5 comes today')
  await waive('oldestCompatible', 'closed for the night')
  await change('three')
  pages['a deployment without a way back'] = addressOf(
    await deploymentUnderWay(stage, 'the one without a way back', ({ held }) => held !== undefined),
  )
  await stage.plimsoll('unwaive', 'production', 'oldestCompatible')
  await until('the webhook', async () =>
    (await stage.plimsoll('status')).includes('notifier ops is not reached') ? true : undefined,
  )
}

describe.skipIf(needs('chromium').missing)('the page of gates', { timeout: 60_000 }, () => {
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

  everybodyCanUse(names, seen)

  it('says what a command said, and where the rest of it is', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'a gate that said no')
      await page
        .getByText(/exited with 1 after/)
        .first()
        .waitFor()
      await page.getByText('checkout 1.4 reads what this release no longer sends').first().waitFor()
      await page.getByRole('link', { name: 'Whole output of contracts' }).click()
      expect(await page.locator('body').innerText()).toBe(
        'checkout 1.4 reads what this release no longer sends\n',
      )
    })
  })

  it('does not advise to bring again what a gate refused', () => {
    const waits = afterRefusal.waiting.map(({ text }) => text)
    expect(waits).toContainEqual(
      expect.stringMatching(/^\w{12} did not get into hello production: refused by gate contracts$/),
    )
    const production = afterRefusal.services[0]?.environments.find(({ name }) => name === 'production')
    expect(production?.next).toMatchObject({ tried: true, promote: { label: 'Promote' } })
  })

  it('says first what is wrong: no way back, and a notifier that is not reached', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'services')
      const wrong = page.locator('section.question', { hasText: 'What is wrong?' })
      expect(await wrong.innerText()).toMatch(
        /hello production: smoke check with all requests exited with 1 after .*; there is no way back by itself/,
      )
      expect(await wrong.innerText()).toContain('notifier ops is not reached')
      await page
        .getByRole('list', { name: 'Notifiers of hello' })
        .getByText(/not reached since/)
        .waitFor()
    })
  })

  it('lets a rollback that is refused be read, and not be asked for', async () => {
    await withPage({}, async (page) => {
      for (const name of ['services', 'a deployment without a way back']) {
        await visit(page, name)
        const button = page.getByRole('button', { name: /^Roll back hello production/ })
        expect(await button.getAttribute('aria-disabled')).toBe('true')
        const described = page.locator(`[id="${await button.getAttribute('aria-describedby')}"]`)
        expect(await described.innerText()).toMatch(/^Not now: release \w{12} is older than commit \w{12}/)
        await button.focus()
        await page.keyboard.press('Enter')
        expect(await page.getByRole('dialog').count()).toBe(0)
      }
    })
  })

  it('lets a person answer for going on', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'a deployment without a way back')
      const held = page.getByRole('region', { name: /Held: there is no way back by itself/ })
      expect(await held.innerText()).toMatch(/smoke check with all requests exited with 1/)
      const check = page.locator('.rail li').filter({ hasText: 'smoke check with all requests' })
      expect(await check.first().getAttribute('class')).toBe('failed')
      await page.getByRole('button', { name: /^Let it go on/ }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Reason').fill('the check asks an old address')
      await dialog.getByLabel('Token').fill(stage.token)
      await dialog.getByRole('button', { name: 'Let it go on' }).click()
      await page
        .getByText(/runs in production in/)
        .first()
        .waitFor()
      await shoot(page, 'let on without a way back')
      expect(await violationsOn(page)).toEqual([])
    })
  })

  it('lets a gate hold again, and lets it through, by keyboard', async () => {
    await withPage({ width: 320 }, async (page) => {
      const dialog = page.getByRole('dialog')
      const press = async (button: RegExp) => {
        await page.getByRole('button', { name: button }).focus()
        await page.keyboard.press('Enter')
        await dialog.waitFor()
      }
      await visit(page, 'services')
      await press(/^Let contracts hold again hello production/)
      await dialog.getByLabel('Token').fill(stage.token)
      await page.keyboard.press('Enter')
      await dialog.waitFor({ state: 'hidden' })
      await page.getByText('gate contracts waived').waitFor({ state: 'detached' })
      const four = await deploymentEnds(stage, await change('four'), 'production')
      expect(four.text).toMatch(/^not deployed: .*exited with 1/)
      // Something newer was asked for since: there is nothing to let through.
      await visit(page, 'a gate that said no')
      await page.getByRole('heading', { name: 'Gates' }).waitFor()
      expect(await page.getByRole('button', { name: /^Let contracts through/ }).count()).toBe(0)
      await page.goto(`${stage.server}${addressOf(four)}`)
      await page.getByRole('button', { name: /^Let contracts through/ }).waitFor()
      await shoot(page, 'a gate that can be let through')
      await press(/^Let contracts through hello production/)
      await shoot(page, 'let a gate through')
      expect(await violationsOn(page)).toEqual([])
      await dialog.getByLabel('Ends').selectOption('in 8 hours')
      // Without a reason nothing is sent.
      await dialog.getByRole('button', { name: 'Let contracts through' }).press('Enter')
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
      await page.keyboard.type('checkout 1.5 comes tomorrow')
      await dialog.getByRole('button', { name: 'Let contracts through' }).press('Enter')
      await dialog.waitFor({ state: 'hidden' })
      await page.getByText(/let through by first until .*: checkout 1\.5 comes tomorrow/).waitFor()
      await page.getByRole('button', { name: /^Let contracts hold again/ }).waitFor()
      expect(await page.getByRole('button', { name: /^Let contracts through/ }).count()).toBe(0)
      expect(await violationsOn(page)).toEqual([])
      expect(await overflowOf(page)).toBe(0)
      const [row] = (await stage.get<ServicesView>('/api/services')).services.flatMap(({ environments }) =>
        environments.filter(({ name }) => name === 'production'),
      )
      expect(row?.waivers).toMatchObject([{ gate: 'contracts', owner: 'first' }])
      const [waiver] = row?.waivers ?? []
      // From when it was asked for; it is taken a moment later.
      const lastsMs = (waiver?.until ?? 0) - (waiver?.since ?? 0)
      expect(lastsMs).toBeGreaterThan(8 * 3_600_000 - 60_000)
      expect(lastsMs).toBeLessThanOrEqual(8 * 3_600_000)
    })
  })
})
