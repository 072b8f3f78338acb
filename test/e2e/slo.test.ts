import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorView, healthView, replayView, slosView } from '../../src/contract/index.ts'
import { type MessageBody, messageBody } from '../../src/notify/plan/message.ts'
import { failingNoMore, failingOnceIn } from '../support/hello.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, services, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

const promised = `
  slos: [slo.availability({ objective: 0.99, lowTraffic: { coverage: 0 } })],
  watch: { interval: '1s' },
  notify: [webhook({ name: 'pager', url: secret('PAGER_URL'), key: secret('PAGER_KEY') })],
  alerts: { groupWait: '1s', groupInterval: '2s', routes: [{ match: 'severity="page"', to: ['pager'] }] },
  environments: {`

let stage: Stage
let pager: Server
const received: MessageBody[] = []

/** Each message once, in the order in which it first came. */
const told = (type: string) =>
  [...new Map(received.map((one) => [one.id, one])).values()].filter((one) => one.type === type)

/** Asks production so often at the same time; gives the statuses. */
const ask = (times: number): Promise<number[]> =>
  Promise.all(
    Array.from({ length: times }, async () => {
      const response = await fetch(`http://127.0.0.1:${stage.production}/`)
      await response.text()
      return response.status
    }),
  )

async function askUntil<T>(what: string, times: number, look: () => Promise<T | undefined>): Promise<T> {
  return until(what, async () => {
    await ask(times)
    return look()
  })
}

async function killServer(): Promise<void> {
  const before = await stage.serverPid()
  process.kill(before, 'SIGKILL')
  await until('another server', async () =>
    (await stage.serverPid()) === before ? undefined : services(stage),
  )
}

describe('a promise that is about to be broken', { timeout: 120_000 }, () => {
  let broken = ''

  beforeAll(async () => {
    stage = await setStage(source, 'hello')
    pager = createServer((request, response) => {
      let body = ''
      request.on('data', (piece) => {
        body += piece
      })
      request.on('end', () => {
        received.push(messageBody.parse(JSON.parse(body)))
        response.writeHead(204).end()
      })
    })
    await new Promise<void>((resolve) => pager.listen(0, '127.0.0.1', resolve))
    const { port } = pager.address() as AddressInfo
    const secrets = `GREETING=hello\nPAGER_URL=http://127.0.0.1:${port}/\nPAGER_KEY=pager-signing-key\n`
    writeFileSync(join(stage.home, 'secrets.env'), secrets, { mode: 0o600 })
    await stage.edit('plimsoll.config.ts', (text) =>
      text
        .replace('defineConfig, rolling', 'defineConfig, errorBudget, rolling')
        .replace('secret, sh }', 'secret, sh, slo, webhook }')
        .replace('deploy: rolling()', "deploy: rolling(), gates: ['tests', errorBudget({ below: 0.99 })]")
        .replace('\n  environments: {', promised),
    )
    await deploymentEnds(stage, await stage.push('Promise something'), 'production')
  }, 60_000)
  afterAll(async () => {
    await stage?.close()
    pager?.closeAllConnections()
    pager?.close()
  })

  it('pages within two minutes, though the server dies, and names what changed', async () => {
    expect(await ask(60)).not.toContain(500)
    await askUntil('it is known', 5, async () => {
      const view = healthView.parse(await stage.get('/api/health?service=hello'))
      const here = view.services[0]?.environments.find(({ name }) => name === 'production')
      return here?.releases.find(({ ratePerSecond }) => ratePerSecond > 0)
    })
    await stage.edit('server.js', failingOnceIn(2))
    broken = await stage.push('Break it')
    await deploymentEnds(stage, broken, 'production')
    const since = Date.now()
    expect(await ask(30)).toContain(500)
    await askUntil('an alert', 10, async () => {
      const { environments } = slosView.parse(await stage.get('/api/slos?service=hello'))
      return environments.find(({ alerts }) => alerts.length > 0)
    })
    await killServer()
    const [page] = await until('a page', async () =>
      told('alert.page').length > 0 ? told('alert.page') : undefined,
    )
    expect(Date.now() - since).toBeLessThan(120_000)
    expect(page).toMatchObject({ service: 'hello', environment: 'production', page: expect.anything() })
    expect(page?.alerts?.[0]).toMatchObject({
      slo: 'availability',
      window: '1h',
      severity: 'page',
      text: expect.stringMatching(
        /^its availability budget burns [\d.]+ times as fast as evenly over 1h, where 13.4 is allowed$/,
      ),
      next: expect.stringContaining('plimsoll rollback production'),
    })
    const [newest] = page?.alerts?.[0]?.changes ?? []
    expect(newest).toMatch(/^\w{12} \(Break it\) was deployed at [\d-]+ [\d:]+ UTC by hello.production.2$/)
  })

  it('is shown with who was told, and is silent for as long as somebody answers for that', async () => {
    const text = await until('that the pager was told', async () => {
      const shown = await stage.plimsoll('alerts', 'hello', 'production')
      return shown.includes('pager told') ? shown : undefined
    })
    expect(await stage.exitOf('alerts')).toBe(1)
    expect(text).toMatch(/page {2}hello production {2}availability 1h\n +its availability budget burns/)
    expect(text).toMatch(/pager told .* ago\n +since it was well: \w{12} \(Break it\) was deployed/)
    expect(await stage.plimsoll('alerts', '--history')).toMatch(
      /UTC {2}page {4}production of hello: its .*\n +pager told 20\S+ \S+ UTC/,
    )
    const refused = await fetch(`${stage.server}/api/services/hello/silences`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ environment: 'prodution', owner: '' }),
    })
    const { error } = errorView.parse(await refused.json())
    expect(error.problems.map(({ at }) => at)).toEqual(['environment', 'owner', 'reason', 'until'])
    const unsigned = await fetch(`${stage.server}/api/silences/x`, { method: 'DELETE' })
    expect(unsigned.status).toBe(401)
    const made = await stage.plimsoll('silence', 'production', '--reason', 'INC-1', '--until-resolved')
    const id = /plimsoll unsilence (\w+)/.exec(made)?.[1] ?? ''
    expect(await stage.plimsoll('alerts')).toMatch(
      new RegExp(`first keeps it silent: INC-1 \\(${id}\\)[\\s\\S]*${id} +hello production any any`),
    )
    expect(await stage.plimsoll('unsilence', id)).toContain(`Silence ${id} is over`)
    expect(await stage.exitOf('unsilence', id)).toBe(2)
    expect(await stage.plimsoll('alerts')).not.toContain('INC-1')
  })

  it('is told once, keeps out what is no fix, and is over when it is mended', async () => {
    await stage.edit('server.js', (code) => failingNoMore(code).replace('hello from', 'mended hello from'))
    const mending = await stage.push('Mend it')
    // What the alert was judged by is still there after the crash: it did not end by itself.
    expect(told('alert.resolved')).toEqual([])
    expect(await stage.exitOf('slo', 'hello')).toBe(1)
    const text = await stage.plimsoll('slo')
    expect(text).toMatch(/hello production\n +page, .* ago: its availability budget burns/)
    expect(text).toMatch(/since then: \w{12} \(Break it\) was deployed/)
    expect(text).toMatch(/availability +99 % over 28 d +9\d\.?\d? % +\d+\.?\d*× +spent 20/)
    const refused = await deploymentEnds(stage, mending, 'production')
    expect(refused).toMatchObject({
      standing: 'failed',
      gates: [{ is: 'pass' }, { name: 'errorBudget', is: 'fail' }],
    })
    expect(JSON.stringify(refused.gates)).toMatch(/% of the availability budget is left, less than 99 %/)
    await stage.plimsoll('promote', 'production', '--fix', 'INC-1: it fails', '--reason', 'Mend it', '--yes')
    expect(await ask(10)).not.toContain(500)
    // Its windows do not all end at once: only the last that is told of says that all is well.
    const over = await askUntil('the end', 60, async () =>
      told('alert.resolved').find(({ text }) => text?.includes('is well again')),
    )
    expect(await stage.exitOf('slo')).toBe(0)
    expect(await stage.exitOf('slo', 'nobody')).toBe(2)
    expect(over.text).toMatch(/^production of hello is well again, after: its availability budget/)
    const pages = told('alert.page').flatMap(({ alerts = [] }) =>
      alerts.map(({ slo, window }) => `${slo} ${window}`),
    )
    expect(pages).toEqual([...new Set(pages)])
    expect(pages).toContain('availability 1h')
  })

  it('is replayed under what the folder promises, beside what is in force', async () => {
    const replay = async (objective: string) => {
      await stage.edit('plimsoll.config.ts', (text) =>
        text.replace(/objective: [\d.]+/, `objective: ${objective}`),
      )
      return replayView.parse(JSON.parse(await stage.plimsoll('slo', 'replay', '--days', '1', '--json')))
    }
    // Of a day next to nothing is known: that is no answer, and said so.
    const same = (await replay('0.99')).slos[0]
    expect(same).toMatchObject({ environment: 'production', name: 'availability', is: 'same' })
    expect(same?.known).toBeLessThan(0.01)
    expect(same?.gaps).toHaveLength(1)
    expect(await stage.exitOf('slo', 'replay', '--days', '1')).toBe(3)
    const strict = (await replay('0.999')).slos[0]
    expect(strict).toMatchObject({ is: 'changed', inForce: { objective: 0.99, days: 28 } })
    const page = strict?.proposed?.alerts.find(
      ({ severity, window }) => severity === 'page' && window === '1h',
    )
    expect(page?.from).toBeGreaterThan(Date.now() - 300_000)
    expect(page?.worstBurn).toBeGreaterThan(13.44)
    expect(strict?.proposed?.left).toBeLessThan(strict?.inForce?.left ?? 0)
    expect(await stage.plimsoll('slo', 'replay')).toMatch(
      /production availability: changed\n +would be \(99.9 % over 28 d\): [1-9] pages?, \d tickets?; .*budget.*\n +page +1h/,
    )
    expect(await stage.exitOf('slo', 'replay', '--days', '99')).toBe(2)
    // Nothing is in step with production here: what it has used of its load line nobody can tell.
    expect(await stage.plimsoll('headroom')).toMatch(
      /hello production peaked at [\d.]+\/s on .* \(UTC\)\n +no load line of \w{12} was measured in step with production\n/,
    )
    expect(await stage.exitOf('headroom', 'hello', '--json')).toBe(3)
  })
})
