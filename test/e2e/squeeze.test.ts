import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SqueezeView } from '../../src/contract/index.ts'
import type { GatewayTable } from '../../src/fleet/gateway/index.ts'
import { type LoadLedger, startLoad } from '../support/load-client.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

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
      squeeze: { maxShare: 0.85, stages: [0.6, 0.85], watch: '2s', minRequests: 50, scales: 'they share nothing' },
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

beforeAll(async () => {
  stage = await setStage(source, 'hello')
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
  await stage.write('plimsoll.config.ts', config.replace('PORT', String(stage.production)))
  await stage.edit('server.js', oneAfterTheOther)
  await deploymentEnds(stage, await stage.push('Answer one after the other'), 'production')
}, 60_000)

afterAll(() => stage?.close())

describe('a squeeze of production', { timeout: 60_000 }, () => {
  it('says first what it would do, and what speaks against it', async () => {
    expect(await stage.plimsoll('squeeze', 'production', '--dry-run')).toMatch(
      /^One of 2 instances of production of hello gets more of the requests, stage by stage:\n {2}50 %, 60 %, 85 %; 2\.?0? s each/,
    )
    expect(await stage.plimsoll('squeeze', 'production', '--max-share', '0.9', '--json')).toMatch(
      /PLM_SQUEEZE_NOT_ALLOWED.*environments\.production\.squeeze\.maxShare/s,
    )
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
    expect(said).toMatch(/squeezed in production, instance 0 carried \d+(\.\d)?\/s/)
    expect(said).toMatch(/load line is that of production: .* taken in proportion for 2: they share nothing/)
  })

  it('ends with the server that is killed in the middle: the next one splits evenly first', async () => {
    const load = traffic()
    const going = stage.plimsoll('squeeze', 'production', '--yes', '--json')
    await squeezed(0.6)
    process.kill(await stage.serverPid(), 'SIGKILL')
    const view = JSON.parse(await going) as SqueezeView
    const ledger = await load.stop()
    expect(view.text).toMatch(/: the server was started again$/)
    expect((await table()).squeeze).toBeUndefined()
    expect(ledger.answered[200]).toBe(ledger.sent)
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
