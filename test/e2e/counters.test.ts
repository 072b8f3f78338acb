import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aheadView } from '../../src/contract/index.ts'
import { byDeclines, countedPayments, decliningOnceIn, deployedBy, paying } from '../support/hello.ts'
import { type Load, startLoad } from '../support/load-client.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, deploymentUnderWay, services, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

let stage: Stage
let good: string

const quick =
  "stages: [0.3], stageAtMost: '5s', watch: '5s', warmUp: '0s', minRequests: 20, bake: '0s', latency: false"

const traffic = (): Load =>
  startLoad({
    host: '127.0.0.1',
    port: stage.production,
    ratePerSecond: 80,
    newConnectionShare: 0.2,
    mix: () => ({ method: 'GET', path: '/' }),
  })

beforeAll(async () => {
  stage = await setStage(source, 'hello')
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\nMETRICS=open-sesame\n', {
    mode: 0o600,
  })
  await stage.edit('plimsoll.config.ts', deployedBy(`canary({ ${quick}, ${byDeclines} })`))
  await stage.edit('plimsoll.config.ts', countedPayments)
  await stage.edit('server.js', paying)
  // Not for everybody: neither what watches nor the judge is let in without the word.
  await stage.edit('plimsoll.config.ts', (text) =>
    text.replace(
      "service: 'hello',",
      "service: 'hello',\n  watch: { metrics: { bearer: secret('METRICS') } },",
    ),
  )
  await stage.edit('server.js', (code) =>
    code.replace(
      "  if (request.url === '/metrics')",
      "  if (request.url === '/metrics' && request.headers.authorization !== 'Bearer open-sesame')\n    return response.writeHead(401).end()\n$&",
    ),
  )
}, 60_000)

afterAll(() => stage?.close())

describe("a canary judged by the team's own counter", { timeout: 180_000 }, () => {
  it('passes when it declines no more payments than the live version', async () => {
    const first = await stage.push('Take payments')
    await deploymentEnds(stage, first, 'production')
    const load = traffic()
    await stage.write('README.md', 'Hello.\n')
    good = await stage.push('Say what it is')
    const view = await deploymentEnds(stage, good, 'production')
    const asked = ['deploy', view.to.short, 'production', '--dry-run'] as const
    const ahead = await until('the plan by the traffic', async () => {
      const said = aheadView.parse(JSON.parse(await stage.plimsoll(...asked, '--json')))
      return said.traffic ? said : undefined
    })
    const said = await stage.plimsoll(...asked)
    await load.stop()
    expect(view.standing, view.text).toBe('passed')
    console.log(view.judge?.sentence)
    console.log(said)
    expect(ahead).toMatchObject({
      dryRun: true,
      passage: { is: 'open' },
      gates: [{ name: 'tests', is: 'pass' }],
    })
    expect(ahead.traffic?.requestsPerSecond).toBeGreaterThan(30)
    expect(ahead.plan?.harmed).toBeGreaterThan(0)
    expect(said).toMatch(/would run in production of hello, by a canary: 3 new instances for the 3 that run/)
    expect(said).toMatch(
      /this release runs there already[\s\S]*✓ passed {2}gate tests[\s\S]*30 % of the requests/,
    )
    expect(said).toMatch(/the way back[\s\S]*all requests to the old instances/)
    const rows = (await services(stage)).services[0]?.environments
    expect(rows?.find(({ name }) => name === 'production')?.lastDeployment?.id).toBe(view.id)
    expect(view.judge?.sentence).toMatch(/; has .* % declined payments, the live version .* %$/)
    const counted = view.judge?.metrics.find(({ key }) => key === 'own/declined payments')
    expect(counted?.canary.of).toBeGreaterThan(50)
    expect(counted?.live.of).toBeGreaterThan(counted?.canary.of ?? 0)
  })

  it('is rolled back when it declines a tenth more of them with status 200, though the server is killed', async () => {
    const load = traffic()
    // It is found long before; until then a busy machine may take its time to bring the server back.
    await stage.edit('plimsoll.config.ts', (text) => text.replace("stageAtMost: '5s'", "stageAtMost: '30s'"))
    await stage.edit('server.js', decliningOnceIn(8))
    const bad = await stage.push('Decline more')
    await deploymentUnderWay(stage, 'the judge', ({ judge }) => judge?.is === 'open')
    process.kill(await stage.serverPid(), 'SIGKILL')
    const view = await deploymentEnds(stage, bad, 'production')
    const { sent, answered } = await load.stop()
    console.log(`${view.text}; ${answered[200]} of ${sent} answered 200`)
    expect(view.standing, view.text).toBe('failed')
    expect(view.reasons[0]?.text).toMatch(/^has .* % declined payments, the live version .* %: .* the odds/)
    expect(view.rail.find(({ standing }) => standing === 'failed')?.title).toMatch(/^judge it at 30 %/)
    expect([answered[200], view.ledger.lost]).toEqual([sent, 0])
    const place = (await services(stage)).services[0]?.environments.find(({ name }) => name === 'production')
    expect(place).toMatchObject({ release: { commit: good }, status: { is: 'rolledBack' } })
  })

  it('is never green when an instance does not tell it: that one is named', async () => {
    await stage.edit('plimsoll.config.ts', (text) =>
      text.replace("stageAtMost: '30s'", "stageAtMost: '5s', deadline: '7s'"),
    )
    await stage.edit('server.js', (code) =>
      decliningOnceIn(50)(code).replace(
        "'/metrics') return",
        "'/metrics' && (response.statusCode = 503)) return",
      ),
    )
    const load = traffic()
    const silent = await stage.push('Tell nothing')
    const view = await deploymentEnds(stage, silent, 'production')
    await load.stop()
    console.log(view.text)
    expect(view.standing).toBe('inconclusive')
    expect(view.text).toMatch(
      /declined payments cannot be read: hello\.production\.\d+\/\d: \/metrics answered 503/,
    )
    expect(view.judge?.metrics.find(({ key }) => key.startsWith('own/'))?.problem).toMatch(/answered 503/)
  })
})
