import { expect, it } from 'vitest'
import { checkConfig } from '../../src/config/check.ts'
import type { DeploymentState, LaneState } from '../../src/deploy/index.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { laneRef, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { Digest, Json } from '../../src/kernel/index.ts'
import type { CompareStart, CompareState } from '../../src/load/index.ts'
import { foundAt } from './comparison-world.ts'
import type { Tale } from './explore.ts'
import { ask, deploymentOf, laneOf, order, release, type Stage, setStage, wellBehaved } from './stage.ts'
import { tellTales } from './tell-tales.ts'

const { config } = checkConfig({
  service: 'payments',
  start: { command: 'serve' },
  pipeline: { test: { steps: [{ run: 'test' }] } },
  slos: [{ kind: 'latency', objective: 0.99, below: '250ms' }],
  load: { besideProduction: true },
  environments: { production: { gates: ['loadLine'] } },
})

/** The service with the configuration that guards production. */
async function configure({ runner }: Plimsoll): Promise<void> {
  if (!config) throw new Error('the configuration of the test is wrong')
  const state = { ...newService('payments'), guard: { run: 1, commit: 'c0ffee', config } }
  await runner.create(serviceRef('payments'), state as unknown as Json)
}

const gated = (n: number) => {
  const plain = order(n)
  return { ...plain, settings: { ...plain.settings, gates: ['loadLine'] } }
}

/** Waits, as a person does who looks again and again. */
async function until(plimsoll: Plimsoll, holds: () => Promise<boolean>): Promise<void> {
  const { clock } = plimsoll.world
  while (!(await holds())) await clock.until(clock.now() + 100)
}

const ended = async (stage: Stage, number: number) => (await deploymentOf(stage, number))?.phase === 'ended'

type Seen = {
  lane: LaneState | undefined
  deployments: (DeploymentState | undefined)[]
  comparisons: CompareState[]
}

function tale(
  name: string,
  endOf: (start: CompareStart) => ReturnType<typeof foundAt>,
  parts: Pick<Tale, 'ask'> & { deployments: number; check: (stage: Stage, seen: Seen) => Promise<void> },
): Tale {
  let seen: Seen = { lane: undefined, deployments: [], comparisons: [] }
  return {
    name,
    stage: () => setStage({ scriptOf: () => wellBehaved, compareEndOf: endOf }),
    ask: parts.ask,
    async look(stage) {
      const numbers = Array.from({ length: parts.deployments }, (_, i) => i + 1)
      const records = await stage.store.journal.list({ kind: 'comparison' })
      seen = {
        lane: await laneOf(stage),
        deployments: await Promise.all(numbers.map((number) => deploymentOf(stage, number))),
        comparisons: records.map((record) => record.state as unknown as CompareState),
      }
    },
    over: (stage) =>
      seen.lane?.holder === undefined &&
      seen.deployments.every((one) => one?.phase === 'ended') &&
      // What a comparison leaves is removed after its end, by whoever lives then.
      seen.comparisons.every(({ phase, id }) => phase === 'ended' && stage.comparisons.tidied.includes(id)),
    check: (stage) => parts.check(stage, seen),
  }
}

/** Nothing measured twice, nothing beside another, all that was found is kept once, all that was left is gone. */
async function whole(stage: Stage, { comparisons }: Seen): Promise<void> {
  for (const [key, times] of stage.comparisons.startsOf) expect(times, key).toBe(1)
  expect(stage.comparisons.mostAtOnce()).toBe(1)
  for (const one of comparisons) {
    const kept = (await stage.store.evidence.about(one.release, ['loadLine'])).filter(
      ({ body }) => (body as { comparison?: string }).comparison === one.id,
    )
    expect(kept.map(({ id }) => id)).toEqual(one.evidence ? [one.evidence] : [])
    expect(stage.comparisons.tidied).toContain(one.id)
  }
}

const worse = new Set<Digest>([release(3)])
const byRelease = (start: CompareStart) => foundAt(worse.has(start.release) ? 0.8 : 1, start)

const stopped = tale('a release that carries less is stopped at the gate', byRelease, {
  deployments: 3,
  async ask(plimsoll) {
    await configure(plimsoll)
    for (const n of [1, 2, 3]) await ask(plimsoll, gated(n))
  },
  async check(stage, seen) {
    const [one, two, three] = seen.deployments
    expect([one?.standing, two?.standing, three?.standing]).toEqual(['passed', 'passed', 'failed'])
    expect(one?.gates).toMatchObject([{ name: 'loadLine', verdict: { is: 'pass' } }])
    expect(three?.reasons[0]?.text).toMatch(
      /^gate loadLine: a30000000000 carries 20 % less than a[12]0000000000/,
    )
    expect(seen.lane?.live?.release).toBe(release(2))
    // The third may wait beside the second, compared with the first until the second has gone live.
    const standings = seen.comparisons.map(({ standing }) => standing)
    expect([...new Set(standings)].sort()).toEqual(['failed', 'passed'])
    expect(standings.filter((standing) => standing === 'passed')).toHaveLength(1)
    await whole(stage, seen)
  },
})

const lets = { is: 'waive', gate: 'loadLine', owner: 'ada', reason: 'needed for the audit' } as const

const waived = tale('a waiver lets it through, and ends by itself', byRelease, {
  deployments: 4,
  async ask(plimsoll, stage) {
    const lane = laneRef('payments', 'production')
    await configure(plimsoll)
    await ask(plimsoll, gated(1))
    await plimsoll.runner.tell(lane, { ...lets, until: plimsoll.world.clock.now() + 60_000 })
    await ask(plimsoll, gated(3))
    await until(plimsoll, async () => {
      const lane = (await plimsoll.world.journal.read({ kind: 'environment', id: 'payments.production' }))
        ?.state
      return ((lane as unknown as LaneState).waivers ?? []).length === 0
    })
    await ask(plimsoll, gated(2))
    await until(plimsoll, () => ended(stage, 3))
    await ask(plimsoll, { ...gated(3), name: 'once more' })
  },
  async check(_stage, { deployments: [, two, , four], lane }) {
    expect(two).toMatchObject({ standing: 'passed', gates: [{ waiver: { owner: 'ada' } }] })
    expect(four).toMatchObject({ standing: 'failed' })
    expect(four?.gates[0]?.waiver).toBeUndefined()
    expect(lane?.live?.release).toBe(release(2))
  },
})

const untold = tale(
  'what could not be measured is not let through, and measured again for who asks again',
  (start) =>
    start.id.endsWith('.1')
      ? { is: 'failed', reasons: [{ text: 'it was not healthy within 5 s' }] }
      : foundAt(1, start),
  {
    deployments: 3,
    async ask(plimsoll, stage) {
      await configure(plimsoll)
      await ask(plimsoll, gated(1))
      await ask(plimsoll, gated(2))
      await until(plimsoll, () => ended(stage, 2))
      await ask(plimsoll, { ...gated(3), release: release(2) })
    },
    async check(stage, seen) {
      const [, two, three] = seen.deployments
      expect([two?.standing, three?.standing]).toEqual(['inconclusive', 'passed'])
      expect(two?.reasons[0]?.text).toBe('gate loadLine: it was not healthy within 5 s')
      expect(seen.comparisons.map(({ standing }) => standing).sort()).toEqual(['inconclusive', 'passed'])
      await whole(stage, seen)
    },
  },
)

const tales = [stopped, untold]

tellTales('the gate loadLine, crashed before and after every call', {
  tales,
  plain: [waived],
  reaches: ['comparisons.start', 'evidence.put', 'comparisons.tidy'],
})

it('a machine that runs production is not loaded unless the configuration allows it', () => {
  const { problems } = checkConfig({
    service: 'payments',
    start: { command: 'serve' },
    pipeline: { test: { steps: [{ run: 'test' }] } },
    environments: { production: { gates: ['loadLine'] } },
  })
  expect(problems.map(({ path }) => path.join('.'))).toEqual(['slos', 'load.besideProduction'])
})
