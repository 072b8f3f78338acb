import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EnvironmentRow, LoadTestView } from '../../src/contract/index.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, loadTestEnds, services, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

let stage: Stage

const perf = async (): Promise<EnvironmentRow | undefined> =>
  (await services(stage)).services[0]?.environments.find(({ name }) => name === 'perf')

const ends = (number: number): Promise<LoadTestView> => loadTestEnds(stage, 'perf', number)

/** What the commands around load tests have done, in order. */
const done = (): string[] => {
  const file = join(stage.folder, 'done')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}

const command = (name: string) => `sh('echo ${name} >> ${join(stage.folder, 'done')}; echo ${name} done')`

const perfOf = () => `
    perf: {
      inStepWith: 'production',
      size: 1 / 3,
      loadTest: {
        wake: ${command('wake')},
        rest: ${command('rest')},
        clean: ${command('clean')},
        seed: ${command('seed')},
      },
    },
  },
  slos: [slo.latency({ objective: 0.99, below: '250ms' })],
  load: { besideProduction: true, line: { min: 5, max: 20, trial: '1s', budget: '60s' } },
})`

async function alive(not?: number): Promise<number> {
  return until('a server', async () => {
    const pid = await stage.serverPid()
    if (pid === not) return undefined
    await services(stage)
    return pid
  })
}

/** A new server that will die at the point. */
async function arm(point: string): Promise<void> {
  writeFileSync(join(stage.folder, 'crash-at'), `${point}:1`)
  const pid = await stage.serverPid()
  process.kill(pid, 'SIGKILL')
  await alive(pid)
}

const asleep = () =>
  until('perf is asleep', async () => {
    const row = await perf()
    return row?.status.is === 'asleep' && row.instances.ready === 0 ? row : undefined
  })

beforeAll(async () => {
  stage = await setStage(source, 'hello')
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
}, 60_000)

afterAll(async () => {
  await stage?.close()
})

describe('an environment that measures itself', { timeout: 150_000 }, () => {
  let tests = 0

  it('measures each release that comes, keeps its load line, and goes to sleep', async () => {
    await stage.edit('plimsoll.config.ts', (text) =>
      text.replace('rolling, secret, sh', 'rolling, secret, sh, slo').replace(/\n {2}\},\n\}\)/, perfOf()),
    )
    const first = await stage.push('Measure each release')
    await deploymentEnds(stage, first, 'perf')
    tests += 1
    const view = await ends(tests)
    expect(view).toMatchObject({ standing: 'passed', counts: true, doubts: [], cause: 'deployment' })
    expect(view.text).toMatch(/^carries at least 20\/s .*within p99<250ms$/)
    expect(view.line?.curve.length).toBeGreaterThan(0)
    expect(view.place).toMatch(/^perf, 1 instance, \d+ cores, /)
    // The first for the deployment, the others for the load test.
    expect(done()).toEqual(['wake', 'wake', 'clean', 'seed', 'rest'])
    const row = await asleep()
    expect(row).toMatchObject({ loadTests: { is: 'passed', asleep: true }, inStep: { is: 'inStep' } })
    expect((await services(stage)).wrong).toEqual([])
    expect(await stage.plimsoll('logs', view.id, '--job', 'seed')).toBe('seed done')
    expect(await stage.plimsoll('logs', view.id)).toMatch(/^\/, p99<250ms\n(.*\n)*passed: carries at least/)
  })

  const points = ['start', 'tidy'].flatMap((call) => [`loadTests.${call}:before`, `loadTests.${call}:after`])
  const others = ['gateways.apply:after', 'evidence.put:before', 'commands.start:after']

  it.each([...points, ...others])(
    'on demand, with kill -9 at %s: measured, and asleep again',
    async (point) => {
      await arm(point)
      const before = await stage.serverPid()
      tests += 1
      const asked = await stage.plimsoll('load', 'test', 'perf', '--reason', point, '--no-wait')
      expect(asked).toBe(
        `hello.perf.test-${tests} was accepted: perf of hello is measured when its turn comes`,
      )
      const view = await ends(tests)
      await alive(before)
      expect(existsSync(join(stage.folder, 'crash-at')), 'the point was reached').toBe(false)
      // A machine that is busy with other things may leave it untold; that is found out, and kept, too.
      expect(view.text).toMatch(/^(carries at least|its load line could not be told)/)
      expect(view).toMatchObject({
        counts: true,
        cause: 'person',
        reason: point,
        evidence: expect.any(String),
      })
      expect(done().slice(-4)).toEqual(['wake', 'clean', 'seed', 'rest'])
      await asleep()
    },
  )

  it('is cancelled under load, with kill -9 in between, and asleep again', async () => {
    await arm('loadTests.cancel:before')
    const before = await stage.serverPid()
    tests += 1
    await stage.plimsoll('load', 'test', 'perf', '--no-wait')
    const id = `hello.perf.test-${tests}`
    await until('its search', async () =>
      (await stage.get<LoadTestView>(`/api/load-tests/${id}`)).progress === undefined ? undefined : true,
    )
    await stage.plimsoll('cancel', id, '--reason', 'needed now')
    const view = await ends(tests)
    await alive(before)
    expect(view).toMatchObject({ standing: 'cancelled', text: 'cancelled by first: needed now' })
    expect(done().at(-1)).toBe('rest')
    await asleep()
  })

  it('is red when it cannot be made, on the page and on the command line, and still rests', async () => {
    await stage.edit('plimsoll.config.ts', (text) => text.replace('echo seed done', 'exit 4'))
    const broken = await stage.push('Break the seed')
    await deploymentEnds(stage, broken, 'perf')
    tests += 1
    const view = await ends(tests)
    expect(view).toMatchObject({ standing: 'failed' })
    expect(view.text).toMatch(/^seed its data: it exited with 4 after /)
    expect(done().slice(-3)).toEqual(['clean', 'seed', 'rest'])
    await asleep()
    expect((await services(stage)).wrong).toEqual([
      {
        text: expect.stringMatching(/^hello perf: load test failed: seed its data: it exited with 4/),
        link: `/load-tests/${view.id}`,
      },
    ])
    expect(await stage.plimsoll('status')).toMatch(/✗ hello perf: load test failed: seed/)
  })
})
