import { expect } from 'vitest'
import type { DeploymentOrder, DeploymentState, LaneState, SignOffSettings } from '../../src/deploy/index.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { keepSignOff } from '../../src/flow/sign-offs.ts'
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

const weekMs = 7 * 86_400_000
const signOff: SignOffSettings = {
  kind: 'signOff',
  name: 'signOff',
  count: 1,
  expires: weekMs,
  within: weekMs,
  notAuthor: true,
}

const wanting = (
  n: number,
  gates: DeploymentOrder['settings']['gates'],
  more: object = {},
): DeploymentOrder => {
  const plain = order(n)
  return { ...plain, settings: { ...plain.settings, instances: 1, gates, ...more } }
}

const signed = ({ world }: Plimsoll, n: number, word: 'given' | 'rejected' = 'given') =>
  keepSignOff(
    world,
    { release: release(n), environment: 'production' },
    { by: 'grace', word, reason: 'seen' },
  )

/** Waits outside of the environment, or has ended since. */
const isAside = async (stage: Stage, number: number) => {
  const aside = (await laneOf(stage))?.aside ?? []
  const is = await deploymentOf(stage, number)
  return aside.some((one) => one.number === number) || is?.phase === 'ended'
}

type Seen = { lane: LaneState | undefined; deployments: (DeploymentState | undefined)[] }

function tale(name: string, deployments: number, asks: Tale['ask'], check: (seen: Seen) => void): Tale {
  let seen: Seen = { lane: undefined, deployments: [] }
  return {
    name,
    stage: () => {
      seen = { lane: undefined, deployments: [] }
      return setStage({ scriptOf: () => wellBehaved })
    },
    ask: asks,
    async look(stage) {
      const numbers = Array.from({ length: deployments }, (_, i) => i + 1)
      seen = {
        lane: await laneOf(stage),
        deployments: await Promise.all(numbers.map((number) => deploymentOf(stage, number))),
      }
    },
    over: () =>
      seen.lane?.holder === undefined &&
      seen.lane?.queue.length === 0 &&
      (seen.lane.aside ?? []).length === 0 &&
      seen.deployments.every((one) => one?.phase === 'ended'),
    check: async () => check(seen),
  }
}

const standings = ({ deployments }: Seen) => deployments.map((one) => one?.standing)
const lastReason = (seen: Seen, number: number) => seen.deployments[number - 1]?.reasons.at(-1)?.text

const signedOff = tale(
  'a deployment that waits for a sign-off lets one that needs none pass, and is overtaken by it',
  2,
  async (plimsoll, stage) => {
    await ask(plimsoll, wanting(1, [signOff]))
    await until(plimsoll, () => isAside(stage, 1))
    await ask(plimsoll, wanting(2, []))
  },
  (seen) => {
    expect(standings(seen)).toEqual(['cancelled', 'passed'])
    expect(lastReason(seen, 1)).toBe('overtaken by payments.production.2, which went live')
    expect(seen.lane?.live?.release).toBe(release(2))
  },
)

const inOrder = tale(
  'two that wait take their turns in order when both are signed off',
  2,
  async (plimsoll, stage) => {
    for (const n of [1, 2]) await ask(plimsoll, wanting(n, [signOff]))
    await until(plimsoll, () => isAside(stage, 2))
    await signed(plimsoll, 1)
    await until(plimsoll, async () => (await deploymentOf(stage, 1))?.phase === 'ended')
    await signed(plimsoll, 2)
  },
  (seen) => {
    expect(standings(seen)).toEqual(['passed', 'passed'])
    expect(seen.lane?.live?.release).toBe(release(2))
    expect(seen.deployments[1]?.gates).toMatchObject([{ name: 'signOff', verdict: { is: 'pass' } }])
  },
)

const joined = tale(
  'where newer ones join, a sign-off of the older does not count for the newer',
  3,
  async (plimsoll, stage) => {
    await ask(plimsoll, wanting(1, [signOff], { waiting: 'join' }))
    await until(plimsoll, () => isAside(stage, 1))
    await ask(plimsoll, wanting(2, [signOff], { waiting: 'join' }))
    await until(plimsoll, () => isAside(stage, 2))
    await until(plimsoll, async () => (await deploymentOf(stage, 1))?.phase === 'ended')
    await signed(plimsoll, 1)
    await signed(plimsoll, 2, 'rejected')
    await until(plimsoll, async () => (await deploymentOf(stage, 2))?.phase === 'ended')
    await ask(plimsoll, wanting(3, []))
  },
  (seen) => {
    expect(standings(seen)).toEqual(['cancelled', 'failed', 'passed'])
    expect(lastReason(seen, 1)).toBe('joined by payments.production.2, which waits instead')
    expect(lastReason(seen, 2)).toBe('gate signOff: rejected by grace: seen')
  },
)

/** The virtual clock begins on Thursday 2026-01-01 at midnight in London. */
const frozen = tale(
  'a freeze holds a release back until it ends; a fix and a way back go through',
  3,
  async (plimsoll, stage) => {
    const freeze = {
      kind: 'freeze',
      name: 'freeze',
      timeZone: 'Europe/London',
      windows: ['thu 00:00 – thu 00:01'],
      exempt: 'fixes',
    } as const
    await ask(plimsoll, { ...wanting(1, [freeze]), fix: 'INC-12' })
    await until(plimsoll, async () => (await deploymentOf(stage, 1))?.phase === 'ended')
    await ask(plimsoll, wanting(2, [freeze]))
    await until(plimsoll, () => isAside(stage, 2))
    await ask(plimsoll, { ...wanting(1, [freeze]), name: 'back', kind: 'rollback' })
  },
  (seen) => {
    expect(standings(seen)).toEqual(['passed', 'passed', 'passed'])
    const [fix, later, back] = seen.deployments
    const opens = Date.UTC(2026, 0, 1, 0, 1)
    expect(fix?.endedAt).toBeLessThan(opens)
    expect(back?.endedAt).toBeLessThan(opens)
    expect(later?.startedAt).toBeGreaterThanOrEqual(opens)
    expect(seen.lane?.live?.release).toBe(release(2))
  },
)

const abandoned = tale(
  'one that nobody signs off is given up in the end',
  1,
  (plimsoll) => ask(plimsoll, wanting(1, [{ ...signOff, within: 60_000 }])),
  (seen) => {
    expect(standings(seen)).toEqual(['inconclusive'])
    expect(lastReason(seen, 1)).toMatch(/nobody answered within 1 m 00 s/)
  },
)

const tales = [signedOff, inOrder, joined, frozen, abandoned]

tellTales('a deployment that waits for its gates, crashed before and after every call', {
  tales,
  pointsAbove: 50,
})
