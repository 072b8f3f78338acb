import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunView } from '../../src/contract/index.ts'
import { storePoints, worldPoints } from '../../src/server/processes/crash-points.ts'
import { startLoad } from '../support/load-client.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, services, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))
/**
 * Those of comparisons, load tests, messages and spikes are reached where there are some: `load-gate.test.ts`,
 * `load-tests.test.ts`, `measuring-killed.test.ts`, `webhooks.test.ts`, `try.test.ts`.
 */
const {
  comparisons: _,
  loadTests: __,
  posts: ___,
  spikes: ____,
  ...others
} = { ...worldPoints, gateways: ['apply'] }
const points = Object.entries({ ...storePoints, ...others }).flatMap(([part, methods]) =>
  methods.flatMap((method) => [`${part}.${method}:before`, `${part}.${method}:after`]),
)
/** Which call of several: not the first, where the first is always the same one. */
const nth: Readonly<Record<string, number>> = {
  'journal.create': 2,
  'journal.commit': 17,
  'journal.setNote': 3,
  'gateways.apply': 4,
  'commands.start': 3,
}

let stage: Stage
const reached: string[] = []

const alive = async (not?: number) =>
  until('a server', async () => {
    const pid = await stage.serverPid()
    if (pid === not) return undefined
    await services(stage)
    return pid
  })

/** A new server that will die at the point. */
async function arm(point: string): Promise<void> {
  const [name = ''] = point.split(':')
  writeFileSync(join(stage.folder, 'crash-at'), `${point}:${nth[name] ?? 1}`)
  const pid = await stage.serverPid()
  process.kill(pid, 'SIGKILL')
  await alive(pid)
}

describe('a server that is killed at a named point', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    stage = await setStage(source, 'hello')
    writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
    await deploymentEnds(stage, await stage.push('begin'), 'production')
  })

  afterAll(async () => {
    console.log(`killed for real at ${reached.length} of ${points.length} named points`)
    await stage.close()
    expect(reached).toEqual(points)
  })

  it.each(points)('%s: the change arrives all the same, whole, and nobody notices', async (point) => {
    await arm(point)
    const before = await stage.serverPid()
    // A server may reach it while it starts: then another one has taken its place already.
    const atStart = !existsSync(join(stage.folder, 'crash-at'))
    const traffic = startLoad({
      host: '127.0.0.1',
      port: stage.production,
      ratePerSecond: 50,
      newConnectionShare: 0.3,
      mix: () => ({ method: 'GET', path: '/' }),
    })
    await stage.edit('server.js', (code) => code.replace(/hello.* from/, `hello ${point} from`))
    // The push itself may be what the server dies in: then git says so, and it is pushed again.
    const commit = await stage.push(`Change at ${point}`).catch(async () => {
      if (!atStart) await alive(before)
      await stage.git('push', '--quiet', 'plimsoll', 'main').catch(() => '')
      return stage.git('rev-parse', 'HEAD')
    })
    const production = await deploymentEnds(stage, commit, 'production')
    if (!atStart) await alive(before)
    const ledger = await traffic.stop()
    expect(existsSync(join(stage.folder, 'crash-at')), 'the point was reached').toBe(false)
    expect(production).toMatchObject({ standing: 'passed', verified: { same: true } })
    expect(ledger).toMatchObject({ lost: {}, answered: { 200: ledger.sent } })
    const { runs } = await stage.get<{ runs: RunView[] }>(`/api/services/hello/changes/${commit}`)
    expect(
      runs.map(({ standing }) => standing),
      'one push, one run',
    ).toEqual(['passed'])
    expect((await services(stage)).services[0]?.environments.map(({ instances }) => instances)).toEqual([
      { ready: 1, wanted: 1 },
      { ready: 3, wanted: 3 },
    ])
    reached.push(point)
  })
})
