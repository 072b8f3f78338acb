import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunView } from '../../src/contract/index.ts'
import { storePoints, worldPoints } from '../../src/server/processes/crash-points.ts'
import { type Killing, killingOf } from '../support/killing.ts'
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

/**
 * One change each, in which a server dies at the first point, the next one at the second, and so on, in the order in
 * which a change comes to them. With which call of several: not the first, where the first is always the same one.
 */
const changes = (['before', 'after'] as const).flatMap((when) => [
  [`journal.create:${when}:2`, `work.start:${when}`, `evidence.put:${when}`, `commands.cancel:${when}`],
  [`blobs.put:${when}`, `instances.unpack:${when}`, `commands.start:${when}:3`, `gateways.apply:${when}:4`],
  [
    `journal.claim:${when}`,
    `journal.commit:${when}:17`,
    `journal.setNote:${when}:3`,
    `journal.settle:${when}`,
  ],
])

let stage: Stage
let killing: Killing
const reached: string[] = []

describe('servers that are killed at named points, one after the other', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    stage = await setStage(source, 'hello')
    killing = killingOf(stage)
    writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
    await deploymentEnds(stage, await stage.push('begin'), 'production')
  })

  afterAll(async () => {
    console.log(`killed for real at ${reached.length} of ${points.length} named points`)
    await stage.close()
    expect(reached.map((point) => point.replace(/:\d+$/, '')).sort()).toEqual([...points].sort())
  })

  it.each(changes)(
    '%s, %s, %s, %s: the change arrives all the same, whole, and nobody notices',
    async (...at) => {
      await killing.arm(...at)
      const traffic = startLoad({
        host: '127.0.0.1',
        port: stage.production,
        ratePerSecond: 50,
        newConnectionShare: 0.3,
        mix: () => ({ method: 'GET', path: '/' }),
      })
      await stage.edit('server.js', (code) => code.replace(/hello.* from/, `hello ${at[0]} from`))
      await stage.git('commit', '--quiet', '--all', '--message', `Change at ${at.join(', ')}`)
      const commit = await stage.git('rev-parse', 'HEAD')
      // The push itself may be what a server dies in: then git says so, and it is pushed again.
      await until('git to say that it is there', async () => {
        await stage.git('push', '--quiet', 'plimsoll', 'main')
        return true
      })
      const production = await deploymentEnds(stage, commit, 'production')
      await killing.reached()
      const ledger = await traffic.stop()
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
      reached.push(...at)
    },
  )
})
