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

/** Requests a second of so many days up to now, read each `stepMs`. */
async function busyFor(
  { series, clock }: Stage,
  days: number,
  stepMs: number,
  rate: (day: number) => number,
) {
  const labels = { service_name: 'payments', deployment_environment_name: 'production', outcome: 'ok' }
  const count = (days * 86_400_000) / stepMs
  const from = clock.now() - count * stepMs
  let value = 0
  const readings = Array.from({ length: count }, (_, i) => {
    value += (rate((i * stepMs) / 86_400_000) * stepMs) / 1_000
    return { name: 'plimsoll_gateway_requests_total', labels, at: from + i * stepMs, value }
  })
  await series.append(readings)
}

const liveIn = async ({ store }: Stage, environment: string) =>
  (await readLane(store.journal, laneRef('payments', environment).id))?.live?.release

/** Release 1 runs in production, and in perf; it has been busy. */
const inStep = async (plimsoll: Plimsoll, stage: Stage): Promise<void> => {
  await busyFor(stage, 2, 60_000, () => 60)
  await begin(plimsoll, stage)
}

/** Twenty-five days that grow from 40 requests a second to 60. */
const growing = async (plimsoll: Plimsoll, stage: Stage): Promise<void> => {
  await busyFor(stage, 25, 300_000, (day) => 40 * 1.5 ** (day / 25))
  await begin(plimsoll, stage)
}

async function begin(plimsoll: Plimsoll, stage: Stage): Promise<void> {
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
  more: Partial<Pick<Parameters<typeof tale>[1], 'config' | 'before'>> = {},
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
    ...more,
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

/** What is left now would be enough, and in two weeks it is not. */
const soon = gated(
  'one that would cross its line soon stays out',
  () => found(76),
  isOver,
  async (_test, deployment, stage) => {
    expect(deployment).toMatchObject({ standing: 'failed' })
    expect(deployment?.reasons.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^gate headroom: it crosses its load line, 76\/s \(74 – 78\/s\), within 21 days in over 99 % of futures/,
      ),
    ])
    expect(await liveIn(stage, 'production')).toBe(release(1))
  },
  {
    before: growing,
    config: serviceWith(
      { afterDeployment: false, asleep: false },
      { gates: [{ kind: 'headroom', below: 0.1, ahead: '21d' }] },
    ),
  },
)

describe('the gate headroom', () => {
  it.each([passes, short, untold, soon])('without a crash: $name', async (one) => {
    const { stage } = await play(one, undefined)
    expect(stage.troubles).toEqual([])
  })

  it('asks for one load test, wherever it crashes meanwhile', { timeout: 600_000 }, async () => {
    // From the question to the search: what comes behind is told by other tales.
    const { calls } = await play(passes, undefined)
    const asks = calls.indexOf('evidence.put')
    const searches = calls.indexOf('loadTests.start')
    const first = calls.lastIndexOf('journal.commit', asks)
    const begun = calls.indexOf('journal.commit', asks + 12)
    expect([asks, searches].every((at) => at > 0) && asks < searches).toBe(true)
    for (let call = first; call <= begun; call++)
      for (const when of ['before', 'after'] as const) await play(passes, { call, when })
    for (const when of ['before', 'after'] as const) await play(passes, { call: searches, when })
    // What is to come is read with the load.
    const read = (await play(soon, undefined)).calls.indexOf('evidence.put')
    for (const when of ['before', 'after'] as const) await play(soon, { call: read, when })
  })
})
