import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HealthHistory, ServicesView, SlosView, SpikesView } from '../../src/contract/index.ts'
import { type HttpReceiver, listenHttp } from '../support/alert-receivers.ts'
import { elsewhere, openBrowser, shoot, type View, violationsOn, withView } from '../support/browser.ts'
import { buildPage } from '../support/page-build.ts'
import { needs } from '../support/requirements.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, runEnds, services, until } from '../support/story.ts'
import { everybodyCanUse, type Visit } from '../support/views.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

let stage: Stage
let browser: Browser
/** Where alerts are told. */
let chat: HttpReceiver
/** Address of every page, by name. */
const pages: Record<string, string> = {}

const withPage = <T>(view: View, use: (page: Page, context: BrowserContext) => Promise<T>): Promise<T> =>
  withView(browser, view, use, { reducedMotion: 'reduce' })

/** Where there is little room. */
const latelyClosed = 'Rate, failures and latency of production lately'

const heightOf = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollHeight)

async function visit(page: Page, name: string): Promise<void> {
  await page.goto(`${stage.server}${pages[name]}`)
  await page.locator('h1').first().waitFor()
  if (name === 'alerts')
    await page
      .getByText(/slack was told/)
      .first()
      .waitFor()
  if (name === 'forecast') await page.getByRole('heading', { name: 'The next months' }).waitFor()
  if (name !== 'health') return
  const plots = page.getByRole('heading', { name: 'Rate in production' })
  await plots.or(page.getByText(latelyClosed)).waitFor()
  await page.getByRole('list', { name: 'What there is to say of production' }).waitFor()
  await page.getByRole('heading', { name: 'What is coming in production' }).waitFor()
}

const seen: Visit = (view, name, use) =>
  withPage(view, async (page) => {
    await visit(page, name)
    await use(page)
  })

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

const watched = `
  watch: {
    interval: '1s',
    routes: ['/', '/payments/:id'],
    heartbeats: [{ name: 'settlement', in: 'production', every: '1h' }],
    elsewhere: { old: { address: 'http://127.0.0.1:9', metrics: ['/metrics', '/more/metrics'] } },
  },
  slos: [slo.availability({ objective: 0.99, lowTraffic: { coverage: 0 } })],
  alerts: { groupWait: '1s' },
  notify: [slack({ url: secret('SLACK_URL'), on: ['alert.page', 'alert.ticket', 'alert.resolved'] })],
  probes: [
    probe.http('front', { in: 'production', body: 'hello' }),
    probe.http('words', { in: 'production', body: 'goodbye' }),
    probe.journey('checkout', { in: 'production', file: 'checkout.load.ts', every: '5s' }),
  ],
  environments: {`

const journey = `import { scenario } from 'plimsoll/load'
export default scenario('check out', async (user) => {
  await user.get('/')
  await user.get('/payments/17')
})
`

async function play(): Promise<void> {
  writeFileSync(
    join(stage.home, 'secrets.env'),
    `GREETING=s3cret-greeting\nSLACK_URL=${chat.url}/services/T0/B0/XX\n`,
    { mode: 0o600 },
  )
  await stage.write('checkout.load.ts', journey)
  await stage.edit('plimsoll.config.ts', (config) =>
    config
      .replace('rolling, secret, sh', 'probe, rolling, secret, sh, slack, slo')
      .replace("health: '/health'", "health: '/health', metrics: '/metrics'")
      .replace('\n  environments: {', watched),
  )
  await stage.edit('server.js', (code) =>
    code.replace(
      '  const slowMs',
      "  if (request.url === '/fails') response.statusCode = 500\n  const slowMs",
    ),
  )
  const good = await stage.push('Say hello to everyone who comes')
  const production = await deploymentEnds(stage, good, 'production')
  await stage.edit('server.js', (code) => code.replace('hello from', 'hello again from'))
  const second = await stage.push('Say hello again')
  await deploymentEnds(stage, second, 'production')
  await stage.edit('server.test.js', (code) => code.replace('2 + 2, 4', '2 + 2, 5'))
  const bad = await stage.push('Count in another way')
  await runEnds(stage, bad)
  await stage.edit('server.test.js', (code) => code.replace('2 + 2, 5', '2 + 2, 4'))
  await playSpikes()
  await stage.plimsoll('heartbeat', 'settlement', '--', 'sh', '-c', 'echo no file of yesterday; exit 3')
  await until('its health is known', async () => {
    const path = '/api/services/hello/environments/production/health?minutes=15'
    const { rate } = await stage.get<HealthHistory>(path)
    return rate.length > 0 ? true : undefined
  })
  await alertFires()
  Object.assign(pages, {
    services: '/',
    health: '/services/hello/health?minutes=15',
    alerts: '/alerts?service=hello',
    forecast: '/forecast',
    spikes: '/services/hello/spikes',
    'a good change': `/services/hello/changes/${good}`,
    'a failed change': `/services/hello/changes/${bad}`,
    waterfall: `/services/hello/changes/${good}?view=waterfall`,
    deployment: `/deployments/${encodeURIComponent(production.id)}`,
    nothing: '/nothing/here',
  })
}

/** Requests fail until somebody is to be told at once. After five minutes without it is over. */
const alertFires = () =>
  until('a page fires', async () => {
    for (let i = 0; i < 10; i++) await (await fetch(`http://127.0.0.1:${stage.production}/fails`)).text()
    const { environments } = await stage.get<SlosView>('/api/slos?service=hello')
    return environments.find(({ alerts }) => alerts.some(({ severity }) => severity === 'page'))
  })

/** One that is over and unanswered, one that is open, and one that never came to be. */
async function playSpikes(): Promise<void> {
  await stage.plimsoll('try', '--question', 'Does it hold with 200 connections?', '--for', '1s')
  await stage.plimsoll('try', 'main', '--question', 'Is the new pool faster?', '--for', '2h')
  await stage.edit('server.js', (code) => `process.exit(7)\n${code}`)
  await stage.plimsoll('try')
  await stage.edit('server.js', (code) => code.replace('process.exit(7)\n', ''))
  await until('a spike that is over', async () => {
    const { spikes } = await stage.get<SpikesView>('/api/services/hello/tries')
    return spikes.filter(({ is }) => is === 'closed').length === 2 ? true : undefined
  })
}

const names = [
  'services',
  'health',
  'alerts',
  'forecast',
  'spikes',
  'a good change',
  'a failed change',
  'waterfall',
  'deployment',
  'nothing',
]

describe.skipIf(needs('chromium').missing)('the page', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    expect(buildPage()).toBe('')
    expect(spawnSync('node', ['scripts/page-size.ts'], { cwd: root }).status).toBe(0)
    chat = await listenHttp((_heard, response) => response.writeHead(200).end('ok'))
    stage = await setStage(source, 'hello')
    browser = await openBrowser()
    await withPage({}, async (page) => {
      pages.empty = '/'
      await visit(page, 'empty')
      await page.getByRole('heading', { name: 'Push the first service' }).waitFor()
      await shoot(page, 'empty')
      expect(await violationsOn(page)).toEqual([])
    })
    await play()
  }, 240_000)

  afterAll(async () => {
    await browser?.close()
    await stage?.close()
    await chat?.close()
  })

  everybodyCanUse(names, seen)

  it('asks for a token where even reading needs one, and then shows and hears everything', async () => {
    await withPage({ width: 320 }, async (page) => {
      await page.goto(`${stage.server.replace('127.0.0.1', elsewhere)}/`)
      const field = page.getByLabel('Token')
      const signIn = page.getByRole('button', { name: 'Sign in' })
      await page.getByRole('heading', { name: 'Who are you?' }).waitFor()
      expect(await violationsOn(page)).toEqual([])
      await field.fill('plm_wrong')
      await signIn.click()
      await page.getByText('The token is not one of this server’s').waitFor()
      await shoot(page, 'sign-in')
      const heard = page.waitForResponse((answer) => answer.url().endsWith('/api/events') && answer.ok())
      await field.fill(stage.token)
      await signIn.click()
      await page.getByRole('heading', { name: 'What is wrong?' }).waitFor()
      expect((await heard).headers()['content-type']).toBe('text/event-stream')
      expect(await page.getByText('The server does not answer').count()).toBe(0)
    })
  })

  it('tells what runs where', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'services')
      const row = page.getByRole('row', { name: /production/ })
      await expect
        .poll(() => row.innerText())
        .toMatch(/Say hello again[\s\S]*steady[\s\S]*3 of 3[\s\S]*\b0 of [\d,]+ lost/)
    })
  })

  it('offers no way back on the page of a deployment that another has followed', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'deployment')
      await page.getByRole('heading', { name: 'Stages' }).waitFor()
      expect(await page.getByRole('button', { name: /^Roll back/ }).count()).toBe(0)
      const changed = (await stage.get<ServicesView>('/api/services')).changed.map(({ text }) => text)
      expect(changed).toContainEqual(
        expect.stringMatching(/^Say hello again runs in hello production, staging/),
      )
    })
  })

  it('says first what is wrong now, what is coming, and leads to where it is told', async () => {
    await alertFires()
    await withPage({}, async (page) => {
      await visit(page, 'services')
      const wrong = page.locator('section.question', { hasText: 'What is wrong?' })
      const burning = wrong.getByRole('link', { name: /hello production: .*budget burns/ })
      await burning.waitFor()
      await wrong.getByRole('link', { name: /hello production: probe words fails/ }).waitFor()
      await page
        .locator('section.question', { hasText: 'What is coming?' })
        .getByText('Nobody can say yet')
        .waitFor()
      await expect.poll(() => page.title()).toMatch(/^\(\d+\) Plimsoll$/)
      const row = page.getByRole('row', { name: /production/ })
      await expect.poll(() => row.innerText()).toMatch(/not well[\s\S]*1 page[\s\S]*not measured/)
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
      await burning.click()
      await page.getByRole('heading', { name: 'Health of hello' }).waitFor()
      expect(page.url()).toMatch(/\/health#health-production$/)
      // The keyboard goes on where the eye does.
      await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content')
      // What changed is one step away.
      await page.getByRole('link', { name: 'hello.production.2' }).first().click()
      await page.getByRole('heading', { name: 'Deployment of Say hello again to production' }).waitFor()
      await expect.poll(() => page.evaluate(() => scrollY)).toBe(0)
      await page
        .getByRole('navigation', { name: 'Pages of hello' })
        .getByRole('link', { name: 'Load line' })
        .click()
      await page.getByRole('heading', { name: 'Load line of hello' }).waitFor()
    })
  })

  it('leads on from what is not there', async () => {
    await withPage({}, async (page) => {
      await page.goto(`${stage.server}/services/nobody/health`)
      await page.getByRole('heading', { name: 'There is no service nobody' }).waitFor()
      expect(await page.title()).toBe('There is no service nobody – Plimsoll')
      expect(await violationsOn(page)).toEqual([])
      await page.getByRole('link', { name: 'All services' }).click()
      await page.getByRole('heading', { name: 'Services' }).waitFor()
      expect((await fetch(`${stage.server}/`)).headers.get('cache-control')).toBe('no-cache')
      expect((await fetch(`${stage.server}/assets/of-an-older-page.js`)).status).toBe(404)
    })
  })

  it('tells how a service is, and was lately, and reads it out by keyboard', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'services')
      await page.getByRole('link', { name: 'health of hello' }).click()
      await page.getByRole('heading', { name: 'Rate in production' }).waitFor()
      // What is wrong and what was lately come with two answers.
      await page
        .getByText(/^probe words fails: /)
        .first()
        .waitFor()
      expect(await page.getByText(/^probe words fails: the body does not hold "goodbye"$/).count()).toBe(1)
      expect(
        await page
          .getByText(
            /metrics of 127\.0\.0\.1:9, 127\.0\.0\.1:9\/more\/metrics cannot be read: does not answer/,
          )
          .count(),
      ).toBe(1)
      const slider = page.getByRole('slider', { name: 'Time' }).first()
      await slider.focus()
      const last = Number(await slider.inputValue())
      expect(await slider.getAttribute('aria-valuetext')).toMatch(/\d{4}.*\d:\d\d.*\/s/)
      await page.keyboard.press('ArrowLeft')
      expect(Number(await slider.inputValue())).toBe(last - 1)
      expect(await slider.getAttribute('aria-valuetext')).toMatch(/\d{4}.*\d:\d\d/)
      await page.getByLabel(/^Plots show the last/).selectOption('1 day')
      await expect.poll(() => page.url()).toMatch(/minutes=1440$/)
    })
  })

  it('says why there is no forecast yet, and what to do', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'health')
      await page.getByRole('link', { name: 'Forecast of production' }).click()
      await page.getByRole('heading', { name: 'Forecast of hello production' }).waitFor()
      const months = page.getByRole('region', { name: 'The next months' })
      await months.getByText(/was measured in step with production\. Next: an environment with/).waitFor()
      await page.getByText(/^\d+ values? (is|are) known, expected at least 8\.$/).waitFor()
    })
  })

  it('closes on a phone what is well and what is only figures, and opens it by keyboard', async () => {
    await withPage({ width: 320 }, async (page) => {
      await visit(page, 'health')
      await page
        .getByText(/probes, targets and jobs (is|are) well$/)
        .first()
        .waitFor()
      const closedHeight = await heightOf(page)
      await page.getByText(latelyClosed).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Rate in production' }).waitFor()
      const closed = page.locator('details.fold:not([open]) > summary').first()
      while ((await closed.count()) > 0) {
        await closed.focus()
        await page.keyboard.press('Enter')
      }
      await page
        .getByText(/^probe front/)
        .first()
        .waitFor()
      // However many alerts there are above: what is closed took more room than most phones have.
      expect((await heightOf(page)) - closedHeight).toBeGreaterThan(2_200)
      expect(await violationsOn(page)).toEqual([])
      await shoot(page, 'health narrow open')
    })
  })

  it('silences an alert, and ends the silence, by keyboard alone', async () => {
    await alertFires()
    await withPage({}, async (page) => {
      await visit(page, 'alerts')
      const alert = page.getByRole('list', { name: 'Alerts that fire' }).getByRole('listitem').first()
      await expect.poll(() => alert.innerText()).toMatch(/Page\s+production of hello[\s\S]*burns[\s\S]*Next:/)
      await alert.getByRole('button', { name: 'Silence availability in production of hello' }).focus()
      await page.keyboard.press('Enter')
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
      await page.keyboard.type('INC-12: we are on it')
      await page.keyboard.press('Tab')
      await page.keyboard.type(stage.token)
      expect(await violationsOn(page)).toEqual([])
      await shoot(page, 'alerts silencing')
      await page.keyboard.press('Enter')
      const silences = page.getByRole('list', { name: 'Silences' })
      await silences.getByText('INC-12: we are on it').waitFor()
      expect(await silences.innerText()).toMatch(/pages of availability in production of hello/)
      await page
        .getByText(/Kept quiet: first keeps it silent: INC-12/)
        .first()
        .waitFor()
      await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Make a silence')
      await shoot(page, 'alerts silenced')
      expect(await violationsOn(page)).toEqual([])
      await silences.getByRole('button', { name: /^End silence/ }).focus()
      await page.keyboard.press('Enter')
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^End silence/ })
        .focus()
      await page.keyboard.press('Enter')
      await page.getByText('Nothing is silenced.').waitFor()
    })
  })

  it('answers, extends and closes spikes, with who did it', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'spikes')
      await page.getByRole('button', { name: /^Extend/ }).click()
      await page.getByLabel('Token').fill(stage.token)
      await page.getByRole('dialog').getByRole('button', { name: 'Extend' }).click()
      await page.getByText(/1 h 59 m left|2 h 00 m left/).waitFor()
      await page.getByRole('button', { name: /^Answer/ }).click()
      await page.getByRole('textbox', { name: 'Answer' }).fill('It holds.')
      expect(await violationsOn(page)).toEqual([])
      await shoot(page, 'spikes answer')
      await page.getByRole('dialog').getByRole('button', { name: 'Answer' }).click()
      await page.getByRole('cell', { name: /It holds\. first/ }).waitFor()
      await page.getByRole('button', { name: /^Close/ }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
      await page
        .getByRole('row', { name: /Is the new pool faster\?[\s\S]*closed by first/ })
        .waitFor({ timeout: 30_000 })
    })
  })

  it('opens the log of a failed change at what went wrong', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'a failed change')
      await page.getByText('test failed: 1 of 1 test').first().waitFor()
      // Tried out as well, it has two runs.
      const why = page.getByRole('region', { name: 'Why it did not pass' }).first()
      expect(await why.innerText()).toContain('two and two')
      await page.locator('details[open]').first().waitFor()
    })
  })

  it('changes by itself when something has happened', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'services')
      await page.evaluate(() => {
        document.title = 'not loaded again'
        ;(globalThis as unknown as { same: boolean }).same = true
      })
      await stage.edit('server.js', (code) => code.replace('again from', 'once more from'))
      const commit = await stage.push('Say hello once more')
      await page.getByRole('link', { name: 'Say hello once more' }).first().waitFor()
      await deploymentEnds(stage, commit, 'production')
      await expect
        .poll(() => page.getByRole('row', { name: /production/ }).innerText(), { timeout: 10_000 })
        .toContain('Say hello once more')
      expect(await page.evaluate(() => (globalThis as unknown as { same?: boolean }).same)).toBe(true)
    })
  })

  it('is walked by keyboard alone: everything that acts is reached, and seen to be', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'services')
      await page
        .getByRole('button', { name: /^Roll back/ })
        .first()
        .waitFor()
      const wanted = await page
        .locator('main a, main button:not(dialog button), header a, header select')
        .count()
      const reached = new Set<string>()
      for (let i = 0; i < wanted + 5; i++) {
        await page.keyboard.press('Tab')
        const at = await page.evaluate(() => {
          const here = document.activeElement
          if (!here || here === document.body) return undefined
          const { outlineStyle, outlineWidth } = getComputedStyle(here)
          return {
            name: `${here.tagName} ${here.textContent} ${here.getAttribute('href')}`,
            seen: outlineStyle !== 'none' && outlineWidth !== '0px',
          }
        })
        if (!at) break
        expect(at.seen, at.name).toBe(true)
        reached.add(at.name)
      }
      expect(reached).toContain('A Skip to content #content')
      for (const name of ['Roll back', 'Plimsoll', 'Say hello'])
        expect(
          [...reached].some((one) => one.includes(name)),
          name,
        ).toBe(true)
    })
  })

  it('rolls back from a dialog that names the effect and the command, asks for a token, and gives the focus back', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'services')
      const button = page.getByRole('row', { name: /production/ }).getByRole('button', { name: /Roll back/ })
      await button.press('Enter')
      const dialog = page.getByRole('dialog')
      expect(await dialog.innerText()).toMatch(
        /Production of hello goes back to [0-9a-f]{12}[\s\S]*plimsoll rollback hello production/,
      )
      expect(await violationsOn(page)).toEqual([])
      await shoot(page, 'dialog')
      await page.keyboard.press('Escape')
      expect(await button.evaluate((one) => one === document.activeElement)).toBe(true)
      await button.press('Enter')
      await dialog.getByLabel('Token').fill('wrong')
      await dialog.getByRole('button', { name: 'Roll back' }).click()
      await dialog.getByRole('alert').waitFor()
      await dialog.getByLabel('Token').fill(stage.token)
      await dialog.getByRole('button', { name: 'Roll back' }).click()
      await page.getByRole('heading', { name: /Rollback of Say hello again to production/ }).waitFor()
      await page
        .getByText(/runs in production in/)
        .first()
        .waitFor()
      await shoot(page, 'rollback')
    })
  })

  it('says that the server is gone, and that production is not', async () => {
    await withPage({}, async (page) => {
      await visit(page, 'services')
      const before = await stage.serverPid()
      process.kill(before, 'SIGKILL')
      await page.getByText('Production goes on without it').waitFor()
      await until('another server', async () =>
        (await stage.serverPid()) === before ? undefined : services(stage),
      )
      await page.getByText('Production goes on without it').waitFor({ state: 'detached', timeout: 20_000 })
    })
  })
})
