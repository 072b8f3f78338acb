import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { headroomView, type LoadTestView, loadTestPlan, loadTestView } from '../../src/contract/index.ts'
import { startEngine, type TestEngine } from '../support/docker.ts'
import { needs } from '../support/requirements.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, loadTestEnds } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/burns', import.meta.url))
const missing = needs('docker').missing !== undefined

let docker: TestEngine
let stage: Stage

const rateOf = ({ line }: LoadTestView): number => line?.ratePerSecond ?? 0
/** Between which rates it is. */
const boundsOf = ({ line }: LoadTestView) => line?.interval ?? { low: Number.NaN, high: Number.NaN }

/** A load test of perf, as somebody orders it. */
const measured = async (...how: string[]): Promise<LoadTestView> =>
  loadTestView.parse(JSON.parse(await stage.plimsoll('load', 'test', 'perf', ...how, '--json')))

/** A machine that is too busy with other things says so, and nothing of the service: then it is asked again, twice at most. */
async function told(view: LoadTestView, ...how: string[]): Promise<LoadTestView> {
  const isTold = ({ text }: LoadTestView) => !text.startsWith('its load line could not be told')
  for (let tries = 0, last = view; ; tries++) {
    if (isTold(last) || tries === 2) return last
    console.log(`measured again: ${last.text}`)
    last = await measured(...how)
  }
}

/** What production would carry, as headroom says it; its instances as they are without an assumption. */
async function carries(...whatIf: string[]): Promise<number> {
  const query = new URLSearchParams([['service', 'burns'], ...whatIf.map((text) => ['whatIf', text])])
  const [production] = headroomView.parse(await stage.get(`/api/headroom?${query}`)).environments
  const text = production?.whatIf?.text ?? production?.text ?? ''
  return Number(/ of (\d+(?:\.\d+)?)\/s/.exec(text)?.[1])
}

// An answer costs 3 ms of processor time and a little: a quarter of a CPU carries no more than 83/s, however busy the machine is.
describe.skipIf(missing)('what containers carry by their size', { timeout: 300_000 }, () => {
  let small: LoadTestView
  let large: LoadTestView

  beforeAll(async () => {
    docker = await startEngine()
    stage = await setStage(source, 'burns', undefined, { DOCKER_HOST: docker.address })
  })

  afterAll(async () => {
    await stage?.close()
    await docker?.close()
  })

  it('is measured with the limits that they have, and what they used of them is kept', async () => {
    await deploymentEnds(stage, await stage.push('Burn'), 'perf')
    small = await told(await loadTestEnds(stage, 'perf', 1))
    expect(small, small.text).toMatchObject({ standing: 'passed', counts: true, doubts: [] })
    expect(small.place).toMatch(/^perf, 1 instance of 0.25 CPUs and 256 MiB, /)
    expect(rateOf(small)).toBeGreaterThan(50)
    // In a trial of a second a queue may grow a little, for as long as four of five answers are in time.
    expect(rateOf(small)).toBeLessThan(100)
    const said = await stage.plimsoll('headroom', 'burns')
    // Near its limit, and of nothing else: memory is far from it.
    expect(Number(/CPU was at (\d+) % of its limit at the load line/.exec(said)?.[1])).toBeGreaterThan(60)
  })

  it('would be measured at another size, for what that costs', async () => {
    const asked = ['load', 'test', 'perf', '--dry-run', '--size', 'cpus 0.5']
    const plan = loadTestPlan.parse(JSON.parse(await stage.plimsoll(...asked, '--json')))
    expect(plan).toMatchObject({
      starts: { text: '1 instance of 0.5 CPUs and 256 MiB' },
      instead: { text: '1 instance of 0.25 CPUs and 256 MiB' },
      search: 'between 50/s and 260/s, within p80<150ms',
      cost: 'under 0.01 GBP',
      reasons: [],
    })
    expect(await stage.exitOf(...asked, '--instances', 'two')).toBe(2)
    expect(await stage.exitOf('load', 'test', 'perf', '--size', 'cpus many')).toBe(2)
  })

  it('is measured with a size twice as large on purpose, which carries as much more as it has more', async () => {
    const expected = await carries('cpus 0.5')
    const size = ['--size', 'cpus 0.5']
    large = await told(await measured(...size), ...size)
    const good = { standing: 'passed', counts: true, doubts: [], guest: { isBack: true } }
    expect(large, large.text).toMatchObject(good)
    expect(large.place).toMatch(/^perf, 1 instance of 0.5 CPUs and 256 MiB, /)
    // Twice as much, as far as the two of them are known.
    const [less, more] = [boundsOf(small), boundsOf(large)]
    expect(more.low / less.high).toBeLessThan(2)
    expect(more.high / less.low).toBeGreaterThan(2)
    expect(rateOf(large) / rateOf(small)).toBeGreaterThan(1.6)
    expect(rateOf(large) / rateOf(small)).toBeLessThan(2.4)
    // In proportion, as the configuration promises it; and now as it was measured.
    expect(expected / (2 * rateOf(small))).toBeCloseTo(1, 1)
    expect((await carries('cpus 0.5')) / rateOf(large)).toBeCloseTo(1, 1)
    expect((await carries()) / rateOf(small)).toBeCloseTo(1, 1)
    expect((await carries('cpus 0.375')) / ((rateOf(small) + rateOf(large)) / 2)).toBeCloseTo(1, 1)
  })
})
