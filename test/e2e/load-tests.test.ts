import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { headroomView, type LoadTestView } from '../../src/contract/index.ts'
import { type Measuring, startMeasuring } from '../support/measuring.ts'
import type { Stage } from '../support/stage.ts'
import { deploymentEnds, services, until } from '../support/story.ts'

let measuring: Measuring
let stage: Stage

beforeAll(async () => {
  measuring = await startMeasuring()
  stage = measuring.stage
}, 60_000)

afterAll(async () => {
  await stage?.close()
})

const hourMs = 3_600_000
const [usual, busiest] = [10, 30]

/** Eight days of requests as another tool counted them, every five minutes; one hour was busier. They end ten minutes ago. */
function historyOfRequests(now: number) {
  const to = now - 600_000
  const length = 8 * 24 * 12
  const timestamps = Array.from({ length }, (_, i) => to - (length - 1 - i) * 300_000)
  const busyFrom = Math.floor(to / hourMs) * hourMs - 30 * hourMs
  let count = 0
  const values = timestamps.map((at) => {
    count += 300 * (at > busyFrom && at <= busyFrom + hourMs ? busiest : usual)
    return count
  })
  return { metric: { __name__: 'plimsoll_gateway_requests_total', outcome: 'ok' }, values, timestamps }
}

describe('an environment that measures itself', { timeout: 150_000 }, () => {
  let tests = 0

  it('measures each release that comes, keeps its load line, and goes to sleep', async () => {
    await deploymentEnds(stage, await measuring.push(), 'perf')
    tests += 1
    const view = await measuring.ends(tests)
    expect(view).toMatchObject({ standing: 'passed', counts: true, doubts: [], cause: 'deployment' })
    expect(view.text).toMatch(/^carries at least 20\/s .*within p99<250ms$/)
    expect(view.line?.curve.length).toBeGreaterThan(0)
    expect(view.place).toMatch(/^perf, 1 instance, \d+ cores, /)
    // The first for the deployment, the others for the load test.
    expect(measuring.done()).toEqual(['wake', 'wake', 'clean', 'seed', 'rest'])
    const row = await measuring.asleep()
    expect(row).toMatchObject({ loadTests: { is: 'passed', asleep: true }, inStep: { is: 'inStep' } })
    expect((await services(stage)).wrong).toEqual([])
    expect(await stage.plimsoll('logs', view.id, '--job', 'seed')).toBe('seed done')
    expect(await stage.plimsoll('logs', view.id)).toMatch(/^\/, p99<250ms\n(.*\n)*passed: carries at least/)
  })

  it('says how near production came to what it carries', async () => {
    const known = async () =>
      headroomView.parse(await stage.get('/api/headroom?service=hello')).environments[0]
    expect(await known()).toMatchObject({ is: 'unknown', line: { at: 60, high: null } })
    writeFileSync(join(stage.folder, 'history.jsonl'), JSON.stringify(historyOfRequests(Date.now())))
    await stage.plimsoll('slo', 'import', join(stage.folder, 'history.jsonl'), 'production')
    const headroom = await known()
    expect(headroom).toMatchObject({
      is: 'enough',
      text: expect.stringMatching(
        /^peaked at no more than 50 % of its load line on \w+ \d+ \w+ \d\d:00 \(UTC\): 30\/s of 60\/s/,
      ),
      reasons: [],
    })
    expect(headroom?.found.join('\n')).toMatch(
      /measured with 1 instance, taken in proportion for 3: they share nothing/,
    )
    expect(await stage.exitOf('headroom', 'hello')).toBe(0)
  })

  it('is cancelled under load, with kill -9 in between, and asleep again', async () => {
    await measuring.arm('loadTests.cancel:before')
    const before = await stage.serverPid()
    tests += 1
    await stage.plimsoll('load', 'test', 'perf', '--no-wait')
    const id = `hello.perf.test-${tests}`
    await until('its search', async () =>
      (await stage.get<LoadTestView>(`/api/load-tests/${id}`)).progress === undefined ? undefined : true,
    )
    await stage.plimsoll('cancel', id, '--reason', 'needed now')
    const view = await measuring.ends(tests)
    await measuring.alive(before)
    expect(view).toMatchObject({ standing: 'cancelled', text: 'cancelled by first: needed now' })
    expect(measuring.done().at(-1)).toBe('rest')
    await measuring.asleep()
  })

  it('is red when it cannot be made, on the page and on the command line, and still rests', async () => {
    await stage.edit('plimsoll.config.ts', (text) => text.replace('echo seed done', 'exit 4'))
    const broken = await stage.push('Break the seed')
    await deploymentEnds(stage, broken, 'perf')
    tests += 1
    const view = await measuring.ends(tests)
    expect(view).toMatchObject({ standing: 'failed' })
    expect(view.text).toMatch(/^seed its data: it exited with 4 after /)
    expect(measuring.done().slice(-3)).toEqual(['clean', 'seed', 'rest'])
    await measuring.asleep()
    expect((await services(stage)).wrong).toEqual([
      {
        text: expect.stringMatching(/^hello perf: load test failed: seed its data: it exited with 4/),
        link: `/load-tests/${view.id}`,
      },
    ])
    expect(await stage.plimsoll('status')).toMatch(/✗ hello perf: load test failed: seed/)
  })
})
