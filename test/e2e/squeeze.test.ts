import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SqueezePlan, SqueezesView, SqueezeView } from '../../src/contract/index.ts'
import { findGateway, type GatewayTable } from '../../src/fleet/gateway/index.ts'
import { openBrowser, overflowOf, shoot, violationsOn, withView } from '../support/browser.ts'
import { type LoadLedger, startLoad } from '../support/load-client.ts'
import { buildPage } from '../support/page-build.ts'
import { needs } from '../support/requirements.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

const withoutBrowser = needs('chromium').missing !== undefined

let stage: Stage

/** Each instance answers one request after the other, 100 in a second. */
const oneAfterTheOther = (code: string): string =>
  code
    .replace('const server =', 'let free = 0\nconst server =')
    .replace(
      'const slowMs =',
      "if (request.url !== '/health') free = Math.max(free, Date.now()) + 10\n  const slowMs = request.url === '/health' ? 0 : free - Date.now() //",
    )

const config = `import { defineConfig, secret, slo } from 'plimsoll'

export default defineConfig({
  service: 'hello',
  start: { command: 'node server.js', health: '/health', readyWithin: '5s', grace: '5s' },
  slos: [slo.latency({ objective: 0.75, below: '400ms', environments: ['production'] })],
  environments: {
    production: {
      port: PORT, instances: 2, gates: [],
      squeeze: { maxShare: 0.85, stages: [0.55, 0.85], watch: '3s', minRequests: 50, scales: 'they share nothing' },
    },
  },
})
`

const traffic = () =>
  startLoad({
    host: '127.0.0.1',
    port: stage.production,
    ratePerSecond: 150,
    newConnectionShare: 0.2,
    mix: () => ({ method: 'GET', path: '/' }),
  })

const lostOf = ({ lost }: LoadLedger) => Object.values(lost).reduce((sum, count) => sum + count, 0)

/** What the gateway has on disk, whoever lives. */
const table = async (): Promise<GatewayTable> =>
  JSON.parse(await readFile(join(stage.home, 'gateways', 'hello.production', 'table.json'), 'utf8'))

const squeezed = (share: number) =>
  until('an instance that is squeezed', async () =>
    (await table()).squeeze?.share === share ? true : undefined,
  )

const squeezes = '/api/services/hello/environments/production/squeezes'

/** The process that answers: the loop that holds its socket starts another one when it is killed. */
async function gatewayPid(): Promise<number> {
  const loop = await findGateway(join(stage.home, 'gateways', 'hello.production'))
  const children = await readFile(`/proc/${loop?.pid}/task/${loop?.pid}/children`, 'utf8')
  return Number(children.trim().split(' ')[0])
}

beforeAll(async () => {
  // The server looks for the page when it begins.
  if (!withoutBrowser) expect(buildPage()).toBe('')
  stage = await setStage(source, 'hello')
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
  await stage.write('plimsoll.config.ts', config.replace('PORT', String(stage.production)))
  await stage.edit('server.js', oneAfterTheOther)
  await deploymentEnds(stage, await stage.push('Answer one after the other'), 'production')
}, 60_000)

afterAll(() => stage?.close())

describe('a squeeze of production', { timeout: 60_000 }, () => {
  it('says first what it would do, and what speaks against it, to whoever may read', async () => {
    expect(await stage.plimsoll('squeeze', 'production', '--dry-run')).toMatch(
      /^Instance \d of 2 \(never squeezed before.*\) in production of hello gets more of the requests, stage by stage:\n\nSHARE .*\n50 % .*\n55 % .*\n85 % .*\n\n3\.?0? s each/s,
    )
    const asked = 'instance=1&to=5000&stages=0.6,0.7'
    const plan = await stage.get<SqueezePlan>(`${squeezes}/plan?${asked}`)
    expect(plan).toMatchObject({ allowed: true, reasons: [], instance: { index: 1, because: 'asked for' } })
    expect(plan.stages.map(({ share }) => share)).toEqual([0.5, 0.6, 0.7])
    const refused = await stage.get<SqueezePlan>(`${squeezes}/plan?instance=7&maxShare=0.9`)
    expect(refused).toMatchObject({ allowed: false, stages: [] })
    expect(refused.reasons.map(({ text }) => text)).toEqual([
      'environments.production.squeeze.maxShare is 0.85, and 0.9 is more than that',
      'there is no instance 7',
    ])
    expect(
      await stage.plimsoll('squeeze', 'production', '--max-share', '0.9', '--instance', '7', '--json'),
    ).toMatch(/PLM_SQUEEZE_NOT_ALLOWED.*environments\.production\.squeeze\.maxShare.*there is no instance 7/s)
    expect(await stage.exitOf('squeeze', 'production', '--dry-run', '--max-share', '0.9')).toBe(2)
    expect(await stage.exitOf('squeeze', 'production', '--dry-run', '--instance', '7')).toBe(1)
  })

  it('finds what one instance carries, and loses nothing', async () => {
    const load = traffic()
    const answer = await stage.plimsoll('squeeze', 'production', '--yes', '--json')
    const ledger = await load.stop()
    const view = JSON.parse(answer) as SqueezeView
    expect(view.standing, view.text).toBe('passed')
    expect(view.found, view.text).toMatchObject({ verdict: 'found' })
    const { low = 0, high = 0 } = view.found?.interval ?? {}
    console.log(view.text)
    // 100/s is what it was made to carry.
    expect(low).toBeGreaterThan(70)
    expect(low).toBeLessThan(105)
    expect(high).toBeGreaterThan(100)
    expect((await table()).squeeze).toBeUndefined()
    expect(ledger.sent).toBeGreaterThan(500)
    expect(ledger.answered[200]).toBe(ledger.sent)
    expect(lostOf(ledger)).toBe(0)
    const said = await stage.plimsoll('headroom')
    expect(said).toMatch(/squeezed in production, instance \d carried \d+(\.\d)?\/s/)
    expect(said).toMatch(/load line is that of production: .* taken in proportion for 2: they share nothing/)
  })

  it('ends with the server that is killed in the middle: the next one splits evenly first', async () => {
    const load = traffic()
    const going = stage.plimsoll('squeeze', 'production', '--yes', '--json')
    await squeezed(0.5)
    process.kill(await stage.serverPid(), 'SIGKILL')
    const view = JSON.parse(await going) as SqueezeView
    const ledger = await load.stop()
    expect(view.text).toMatch(/: the server was started again$/)
    expect((await table()).squeeze).toBeUndefined()
    expect(ledger.answered[200]).toBe(ledger.sent)
  })

  it('ends with a server that is stopped in order, before it has gone: nothing goes on in the next one', async () => {
    const load = traffic()
    const going = stage.plimsoll('squeeze', 'production', '--yes', '--json')
    await squeezed(0.5)
    const server = await stage.serverPid()
    process.kill(server, 'SIGTERM')
    // Sooner than by itself, and while nobody else has had time to.
    await until('an even split', async () => ((await table()).squeeze ? undefined : true), 3_000)
    const view = JSON.parse(await going) as SqueezeView
    const ledger = await load.stop()
    expect(view.text).toMatch(/: the server was stopped$/)
    expect(view.endedAt ?? 0).toBeLessThan(Date.now())
    expect(ledger.answered[200]).toBe(ledger.sent)
  })

  it('ends with a gateway that is killed: only what that one had in its hands is lost', async () => {
    const load = traffic()
    const going = stage.plimsoll('squeeze', 'production', '--yes', '--json')
    await squeezed(0.5)
    process.kill(await gatewayPid(), 'SIGKILL')
    const view = JSON.parse(await going) as SqueezeView
    const ledger = await load.stop()
    expect(view.text).toMatch(/: the gateway (was started again|does not answer)$/)
    expect((await table()).squeeze).toBeUndefined()
    console.log(`lost with the gateway: ${JSON.stringify(ledger.lost)} of ${ledger.sent}`)
    expect(lostOf(ledger)).toBeLessThan(50)
    expect((ledger.answered[200] ?? 0) + lostOf(ledger)).toBe(ledger.sent)
  })

  it('is stopped by a word', async () => {
    const load = traffic()
    const going = stage.plimsoll('squeeze', 'production', '--yes', '--json')
    await squeezed(0.5)
    expect(await stage.plimsoll('squeeze', 'production', '--stop', '--reason', 'a sale begins')).toBe(
      'Requests are being split evenly again.',
    )
    const view = JSON.parse(await going) as SqueezeView
    expect(view.text).toMatch(/: stopped by first: a sale begins$/)
    expect((await table()).squeeze).toBeUndefined()
    expect(lostOf(await load.stop())).toBe(0)
  })
})

/** Opens all that is folded around the squeezes and in them: what else is on the page, others look at. */
const openSqueezes = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const heading = document.getElementById('squeezes-production')
    for (const one of document.querySelectorAll('details'))
      if (one.contains(heading) || heading?.parentElement?.contains(one)) one.open = true
  })

describe.skipIf(withoutBrowser)('squeezes on the page', { timeout: 60_000 }, () => {
  let browser: Browser
  /** What the server said while one went on. */
  let running: SqueezesView
  beforeAll(async () => {
    browser = await openBrowser()
  }, 60_000)
  afterAll(() => browser?.close())

  const visit = async (page: Page) => {
    await page.goto(`${stage.server}/services/hello/health`)
    await page.locator('#squeezes-production').waitFor({ state: 'attached' })
    return page.getByRole('region', { name: 'Squeezes of production' })
  }

  it('show the one that goes on, live, and stop it after asking', () =>
    withView(browser, {}, async (page) => {
      const section = await visit(page)
      const load = traffic()
      // More stages than there is time for: it goes on until somebody stops it.
      const stages = ['--stages', '0.52,0.54,0.56,0.58,0.6']
      const going = stage.plimsoll(
        ...['squeeze', 'production', ...stages, '--reason', 'before the sale', '--yes', '--json'],
      )
      await section
        .locator('[aria-current=step]')
        .getByText(/^Instance \d [1-9].* requests\/s, each other /)
        .waitFor()
      running = await stage.get<SqueezesView>(squeezes)
      await section.getByRole('button', { name: 'Stop the squeeze hello production' }).focus()
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog')
      expect(await dialog.innerText()).toMatch(
        /split evenly again at once.*plimsoll cancel hello\.production\.squeeze-/s,
      )
      await dialog.getByLabel('Reason').fill('seen enough')
      await dialog.getByLabel('Token').fill(stage.token)
      await dialog.getByRole('button', { name: 'Stop the squeeze' }).click()
      expect((JSON.parse(await going) as SqueezeView).text).toMatch(/: stopped by first: seen enough$/)
      expect(lostOf(await load.stop())).toBe(0)
      await section.getByText(/: stopped by first: seen enough\.$/).waitFor()
    }))

  it('can be used by everybody, light, dark and narrow', () =>
    withView(
      browser,
      {},
      async (page) => {
        // As it was then, for as long as somebody looks.
        await page.route(`**${squeezes}`, (route) => route.fulfill({ json: running }))
        const section = await visit(page)
        const fits = async (view: string) => {
          await openSqueezes(page)
          expect(await section.getByText(/^By first: before the sale; /).count()).toBe(1)
          expect(await section.getByRole('listitem').filter({ hasText: 'to come' }).count()).toBeGreaterThan(
            0,
          )
          for (const { text } of running.squeezes.filter(({ endedAt }) => endedAt !== undefined))
            expect(await section.getByText(text.slice(1)).count(), text).toBeGreaterThan(0)
          await shoot(page, `squeezes-${view}`)
          expect(await violationsOn(page), view).toEqual([])
          expect(await overflowOf(page), view).toBeLessThanOrEqual(0)
        }
        await fits('light')
        await page.emulateMedia({ colorScheme: 'dark' })
        await fits('dark')
        await page.setViewportSize({ width: 320, height: 900 })
        await fits('narrow')
      },
      { reducedMotion: 'reduce' },
    ))
})
