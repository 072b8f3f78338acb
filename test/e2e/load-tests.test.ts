import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forecastsView, futuresView, headroomView, type LoadTestView } from '../../src/contract/index.ts'
import { growingRequests } from '../support/growth.ts'
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

const dayMs = 86_400_000
/** What production carries at least: three times what was measured. */
const line = 60

/** The day of UTC that is said in words: `12 March`, `4 January 2027`. */
const dateIn = (text: string): number =>
  Date.parse(`${text}${/\d{4}$/.test(text) ? '' : ` ${new Date().getUTCFullYear()}`} UTC`)

describe('an environment that measures itself', { timeout: 150_000 }, () => {
  let tests = 0
  /** When requests reach what is carried, in words. */
  let date = ''

  it('measures each release that comes, keeps its load line, and goes to sleep', async () => {
    await deploymentEnds(stage, await measuring.push(), 'perf')
    tests += 1
    const view = await measuring.ends(tests)
    expect(view).toMatchObject({ standing: 'passed', counts: true, doubts: [], cause: 'deployment' })
    expect(view.text).toMatch(/^carries at least 20\/s .*within p99<1000ms$/)
    expect(view.line?.curve.length).toBeGreaterThan(0)
    expect(view.place).toMatch(/^perf, 1 instance, \d+ cores, /)
    // The first for the deployment, the others for the load test.
    expect(measuring.done()).toEqual(['wake', 'wake', 'clean', 'seed', 'rest'])
    const row = await measuring.asleep()
    expect(row).toMatchObject({ loadTests: { is: 'passed', asleep: true }, inStep: { is: 'inStep' } })
    expect((await services(stage)).wrong).toEqual([])
    expect(await stage.plimsoll('logs', view.id, '--job', 'seed')).toBe('seed done')
    expect(await stage.plimsoll('logs', view.id)).toMatch(/^\/, p99<1000ms\n(.*\n)*passed: carries at least/)
  })

  it('says how near production came to what it carries, and when requests that grow reach it', async () => {
    const known = async () =>
      headroomView.parse(await stage.get('/api/headroom?service=hello')).environments[0]
    expect(await known()).toMatchObject({ is: 'unknown', line: { at: line, high: null } })
    const growth = growingRequests({ until: Date.now() - 600_000, weeks: 5, peak: 45 })
    const truth = growth.reaches(line)
    writeFileSync(join(stage.folder, 'history.jsonl'), growth.history)
    const said = await stage.plimsoll('slo', 'import', join(stage.folder, 'history.jsonl'), 'production')
    expect(said).toContain('back-filled, and shown as such')
    const headroom = await known()
    expect(headroom).toMatchObject({
      is: 'enough',
      text: expect.stringMatching(
        /^peaked at no more than 7\d(\.\d)? % of its load line on \w+ \d+ \w+ 13:00 \(UTC\): 4[45](\.\d)?\/s of 60\/s/,
      ),
      reasons: [],
    })
    expect(headroom?.found.join('\n')).toMatch(
      /measured with 1 instance, taken in proportion for 3: they share nothing/,
    )
    expect(Math.abs((headroom?.ahead?.crossing?.date ?? 0) - truth)).toBeLessThanOrEqual(10 * dayMs)
    // The same date in words and figures, wherever it is asked for.
    date = /reaches 60\/s about ([\w ]+) \(80 %: /.exec(headroom?.ahead?.text ?? '')?.[1] ?? ''
    expect(Math.abs(dateIn(date) - truth)).toBeLessThanOrEqual(10 * dayMs)
    expect(await stage.plimsoll('headroom', 'hello')).toContain(`reaches 60/s about ${date} (80 %: `)
    const asked = headroomView.parse(JSON.parse(await stage.plimsoll('headroom', 'hello', '--json')))
    const [production] = forecastsView
      .parse(JSON.parse(await stage.plimsoll('forecast', 'hello', '--json')))
      .places.filter(({ environment }) => environment === 'production')
    expect(asked.environments[0]?.ahead?.crossing).toEqual(headroom?.ahead?.crossing)
    expect(production?.crossing).toEqual(headroom?.ahead?.crossing)
    expect(production).toMatchObject({ backFilled: { by: 'first' }, line: { at: line, high: null } })
    // Whoever looks ahead each hour sees at once that there is a past now.
    const foreseen = await until('what is coming is looked at again', async () => {
      const { environments } = futuresView.parse(await stage.get('/api/futures?service=hello'))
      const own = environments.find(({ environment }) => environment === 'production')?.futures
      return own?.find(({ kind, text }) => kind === 'headroom' && text.includes('reaches'))
    })
    expect(foreseen.text).toBe(headroom?.ahead?.text)
  })

  it('draws the weeks to come beside the line, and says how such forecasts fared', async () => {
    const said = await stage.plimsoll('forecast', 'hello', '--backtest')
    expect(said).toContain(`→ hello production: reaches 60/s about ${date} (80 %: `)
    expect(said).toMatch(/back-filled by first, not seen here: \d{4}-\d\d-\d\d to /)
    expect(said).toMatch(/\d{4}-\d\d-\d\d +4\d(\.\d)?\/s +[\d.]+ – [\d.]+ +7\d % .*●.*┃/)
    expect(said).toMatch(/backtest from \d+ points: /)
    const { places } = forecastsView.parse(
      await stage.get('/api/forecasts/backtests?service=hello&environment=production'),
    )
    expect(places).toHaveLength(1)
    expect(places[0]?.backtest).toMatchObject({ is: 'backtest', isBetterThanNaive: true })
    expect(places[0]?.peaks).toMatchObject({ is: 'peaks' })
    expect(places[0]?.days).toEqual([])
  })

  it('is cancelled under load, with kill -9 in between, and asleep again', async () => {
    await measuring.killing.arm('loadTests.cancel:before')
    tests += 1
    await stage.plimsoll('load', 'test', 'perf', '--no-wait')
    const id = `hello.perf.test-${tests}`
    await until('its search', async () =>
      (await stage.get<LoadTestView>(`/api/load-tests/${id}`)).progress === undefined ? undefined : true,
    )
    await stage.plimsoll('cancel', id, '--reason', 'needed now')
    const view = await measuring.ends(tests)
    await measuring.killing.reached()
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
        service: 'hello',
        text: expect.stringMatching(/^hello perf: load test failed: seed its data: it exited with 4/),
        link: `/load-tests/${view.id}`,
      },
    ])
    expect(await stage.plimsoll('status')).toMatch(/✗ hello perf: load test failed: seed/)
  })
})
