import { describe, expect, it } from 'vitest'
import type { DeploymentState, LifeState } from '../../src/deploy/index.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { laneRef, readDeployment, readLane } from '../../src/flow/records.ts'
import type { LineTestEnd, LocatedLine } from '../../src/load/index.ts'
import { play } from './explore.ts'
import { bring, serviceWith, tale } from './life-tale.ts'
import { carries } from './load-test-world.ts'
import { release, type Stage, until } from './stage.ts'

/** Only what the gate asks for is measured. */
const config = serviceWith(
  { afterDeployment: false, asleep: false },
  { gates: [{ kind: 'headroom', history: '1d' }] },
)

const found = (ratePerSecond: number): LineTestEnd => {
  const end = carries(ratePerSecond)
  if (end.is !== 'measured') return end
  const interval = { low: ratePerSecond - 2, high: ratePerSecond + 2 }
  const body = { ...end.found.body, verdict: 'found', reasons: [], interval } as unknown as LocatedLine
  return { ...end, found: { ...end.found, body } }
}

/** Two days of 60 requests a second, up to now. */
async function busyFor2Days({ series, clock }: Stage): Promise<void> {
  const labels = { service_name: 'payments', deployment_environment_name: 'production', outcome: 'ok' }
  const minutes = 2 * 24 * 60
  const from = clock.now() - minutes * 60_000
  const readings = Array.from({ length: minutes }, (_, minute) => ({
    name: 'plimsoll_gateway_requests_total',
    labels,
    at: from + minute * 60_000,
    value: minute * 3_600,
  }))
  await series.append(readings)
}

const liveIn = async ({ store }: Stage, environment: string) =>
  (await readLane(store.journal, laneRef('payments', environment).id))?.live?.release

/** Release 1 runs in production, and in perf; it has been busy. */
const inStep = async (plimsoll: Plimsoll, stage: Stage): Promise<void> => {
  await busyFor2Days(stage)
  await bring(plimsoll, 1)
  await until(plimsoll, async () => (await liveIn(stage, 'perf')) === release(1))
  await plimsoll.world.clock.until(plimsoll.world.clock.now() + 2_000)
}

const second = ({ store }: Stage): Promise<DeploymentState | undefined> =>
  readDeployment(store.journal, 'payments.production.2')

const gated = (
  name: string,
  lineEnd: () => LineTestEnd,
  over: (end: DeploymentState | undefined) => boolean,
  check: (
    test: LifeState | undefined,
    deployment: DeploymentState | undefined,
    stage: Stage,
  ) => Promise<void>,
) => {
  let seen: DeploymentState | undefined
  const told = tale(name, {
    config,
    before: inStep,
    tests: 1,
    ask: (plimsoll) => bring(plimsoll, 2),
    endOf: lineEnd,
    over: () => over(seen),
    check: async ({ tests: [test] }, stage) => check(test, await second(stage), stage),
  })
  return {
    ...told,
    look: async (stage: Stage) => {
      seen = await second(stage)
      await told.look(stage)
    },
  }
}

const isOver = (end: DeploymentState | undefined) => end?.phase === 'ended'

const passes = gated(
  'it waits until the release was measured, and goes in',
  () => found(100),
  isOver,
  async (test, deployment, stage) => {
    expect(test).toMatchObject({ cause: 'deployment', standing: 'passed', guest: { release: release(2) } })
    expect(test?.reason).toBe('payments.production.2 asks what it carries')
    expect(deployment).toMatchObject({ standing: 'passed', gates: [{ verdict: { is: 'pass' } }] })
    expect(await liveIn(stage, 'production')).toBe(release(2))
  },
)

const short = gated(
  'one that carries too little stays out',
  () => found(62),
  isOver,
  async (_test, deployment, stage) => {
    expect(deployment).toMatchObject({ standing: 'failed' })
    expect(deployment?.reasons.map(({ text }) => text).join('; ')).toMatch(
      /^gate headroom: it peaked at 96\.8 % \(93\.\d – 100 %\) of its load line on .* \(UTC\): 60\/s of 62\/s; 20 % are to be left$/,
    )
    expect(await liveIn(stage, 'production')).toBe(release(1))
  },
)

const untold = gated(
  'one of which nobody could tell what it carries stays out',
  () => ({ is: 'failed', reasons: [{ text: 'the scenario does not start' }] }),
  isOver,
  async (test, deployment) => {
    expect(test?.standing).toBe('inconclusive')
    expect(deployment).toMatchObject({ standing: 'inconclusive' })
    expect(deployment?.reasons[0]).toMatchObject({
      text: expect.stringMatching(
        /^gate headroom: no load line of \w{12} was measured in step with production$/,
      ),
    })
  },
)

describe('the gate headroom', () => {
  it.each([passes, short, untold])('without a crash: $name', async (one) => {
    const { stage } = await play(one, undefined)
    expect(stage.troubles).toEqual([])
  })

  it('asks for one load test, wherever it crashes meanwhile', { timeout: 600_000 }, async () => {
    // From the question to the search: what comes behind is told by other tales.
    const { calls } = await play(passes, undefined)
    console.log(
      calls.length,
      calls.indexOf('evidence.put'),
      calls.indexOf('loadTests.start'),
      calls.slice(calls.indexOf('evidence.put') - 6, calls.indexOf('evidence.put') + 40),
    )
    const asks = calls.indexOf('evidence.put')
    const searches = calls.indexOf('loadTests.start')
    const first = calls.lastIndexOf('journal.commit', asks)
    const begun = calls.indexOf('journal.commit', asks + 12)
    expect([asks, searches].every((at) => at > 0) && asks < searches).toBe(true)
    for (let call = first; call <= begun; call++)
      for (const when of ['before', 'after'] as const) await play(passes, { call, when })
    for (const when of ['before', 'after'] as const) await play(passes, { call: searches, when })
  })
})
