import { expect } from 'vitest'
import type { DeploymentOrder, DeploymentState, LaneState } from '../../src/deploy/index.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { deploymentRef, laneRef } from '../../src/flow/records.ts'
import type { Tale } from './explore.ts'
import {
  ask,
  deploymentOf,
  laneOf,
  order,
  release,
  type Stage,
  setStage,
  until,
  wellBehaved,
} from './stage.ts'
import { tellTales } from './tell-tales.ts'

/** Release n was made from commit n; a later one holds all before. */
const commit = (n: number): string => `${n}`.padEnd(12, '0')
const holds = (one: string, other: string) => one >= other

async function madeFrom({ world }: Plimsoll, ...releases: number[]): Promise<void> {
  for (const n of releases)
    await world.evidence.put({
      kind: 'provenance',
      at: n,
      about: { release: release(n) },
      body: { commit: commit(n) },
    })
}

const task = (run: string) => ({ run, timeoutMs: 5_000, env: {} })

/** A release whose migration leaves data that only releases from a commit on work with. */
const migrating = (n: number, oldest: number, more: object = {}): DeploymentOrder => {
  const plain = order(n)
  const migrate = { ...task('migrate'), oldestCompatible: commit(oldest) }
  return { ...plain, settings: { ...plain.settings, instances: 1, migrate, ...more } }
}

const back = (to: number): DeploymentOrder => ({
  ...migrating(to, 1),
  name: `back-${to}`,
  kind: 'rollback',
})

const ended = (plimsoll: Plimsoll, stage: Stage, number: number) =>
  until(plimsoll, async () => (await deploymentOf(stage, number))?.phase === 'ended')

type Seen = { lane: LaneState | undefined; deployments: (DeploymentState | undefined)[] }

function tale(
  name: string,
  deployments: number,
  asks: Tale['ask'],
  check: (seen: Seen, stage: Stage) => void,
): Tale {
  let seen: Seen = { lane: undefined, deployments: [] }
  const scriptOf = (key: string) =>
    key.startsWith('deployment/')
      ? { endsAfterMs: 200, exit: key.includes('/task/smoke') ? 7 : 0 }
      : wellBehaved
  return {
    name,
    stage: () => {
      seen = { lane: undefined, deployments: [] }
      return setStage({ scriptOf, holds })
    },
    ask: asks,
    async look(stage) {
      const numbers = Array.from({ length: deployments }, (_, i) => i + 1)
      seen = {
        lane: await laneOf(stage),
        deployments: await Promise.all(numbers.map((number) => deploymentOf(stage, number))),
      }
    },
    over: () => seen.lane?.holder === undefined && seen.deployments.every((one) => one?.phase === 'ended'),
    check: async (stage) => check(seen, stage),
  }
}

const standings = ({ deployments }: Seen) => deployments.map((one) => one?.standing)

const refused = tale(
  'a way back to a release that does not work with the data is refused, one that does is taken',
  5,
  async (plimsoll, stage) => {
    await madeFrom(plimsoll, 1, 2, 3)
    await ask(plimsoll, migrating(1, 1))
    await ended(plimsoll, stage, 1)
    await ask(plimsoll, { ...migrating(3, 2), name: 'too early' })
    await ended(plimsoll, stage, 2)
    await ask(plimsoll, migrating(2, 1))
    await ask(plimsoll, migrating(3, 2))
    await ended(plimsoll, stage, 4)
    await ask(plimsoll, back(1))
  },
  (seen) => {
    expect(standings(seen)).toEqual(['passed', 'failed', 'passed', 'passed', 'failed'])
    expect(seen.deployments[1]?.reasons[0]?.text).toMatch(
      /^gate oldestCompatible: what runs here would not work with the data: release a10000000000 is older/,
    )
    expect(seen.deployments[1]?.rail).toEqual([])
    expect(seen.deployments[4]?.reasons[0]?.text).toMatch(
      /^gate oldestCompatible: release a10000000000 is older than commit 200000000000, the oldest that works/,
    )
    expect(seen.lane?.live?.release).toBe(release(3))
    expect(seen.lane?.floors?.map(({ commit: one, release: by }) => [one, by])).toEqual([
      [commit(1), release(1)],
      [commit(2), release(3)],
    ])
  },
)

const isHeld = (stage: Stage) => async () => {
  const two = await deploymentOf(stage, 2)
  return two?.heldFor !== undefined || two?.phase === 'ended'
}

/** Fleets that have instances. */
const fleetsAlive = (stage: Stage) => new Set(stage.machine.alive().map(({ key }) => key.split('/')[1])).size

async function letThrough({ runner, world }: Plimsoll): Promise<void> {
  const waiver = {
    gate: 'oldestCompatible',
    owner: 'ada',
    reason: 'at night',
    until: world.clock.now() + 1e6,
  }
  await runner.tell(laneRef('payments', 'production'), { is: 'waive', ...waiver })
}

const strategy = { is: 'blueGreen' } as const

const held = (how: 'rollback' | 'goOn') =>
  tale(
    `a release that fails where there is no way back is held, until a person decides: ${how}`,
    2,
    async (plimsoll, stage) => {
      await madeFrom(plimsoll, 1, 2)
      await ask(plimsoll, migrating(1, 1))
      await ended(plimsoll, stage, 1)
      await letThrough(plimsoll)
      await ask(plimsoll, migrating(2, 2, { strategy, bakeMs: 1_000, smokeAfter: task('look') }))
      await until(plimsoll, isHeld(stage))
      const two = await deploymentOf(stage, 2)
      if (two?.phase === 'moving') expect(fleetsAlive(stage)).toBe(2)
      const evenSo = how === 'rollback' ? { evenSo: true } : {}
      const word = { is: how, actor: 'ada', reason: 'looked at it', ...evenSo }
      await plimsoll.runner.tell(deploymentRef('payments.production.2'), word)
    },
    (seen) => {
      const [, two] = seen.deployments
      expect(two?.noWayBack).toMatch(/^release a10000000000 is older than commit 200000000000/)
      const passes = how === 'goOn'
      expect(two?.standing).toBe(passes ? 'passed' : 'failed')
      expect(seen.lane?.live?.release).toBe(release(passes ? 2 : 1))
      expect(seen.lane?.floors).toMatchObject([{ commit: commit(1) }, { commit: commit(2) }])
    },
  )

const harmless = tale(
  'a release that fails before it takes a request lets go of its instances, whatever the data are',
  2,
  async (plimsoll, stage) => {
    await madeFrom(plimsoll, 1, 2)
    await ask(plimsoll, migrating(1, 1))
    await ended(plimsoll, stage, 1)
    await letThrough(plimsoll)
    await ask(plimsoll, migrating(2, 2, { strategy, smokeBefore: task('look') }))
  },
  (seen) => {
    expect(standings(seen)).toEqual(['passed', 'failed'])
    expect(seen.deployments[1]?.heldFor).toBeUndefined()
    expect(seen.lane?.live?.release).toBe(release(1))
    expect(seen.lane?.floors).toHaveLength(2)
  },
)

const tales = [refused, held('rollback'), held('goOn'), harmless]

tellTales('releases that do not work with the data, crashed before and after every call', {
  tales,
  pointsAbove: 100,
})
