import { expect } from 'vitest'
import type {
  CommandGateSettings,
  DeploymentState,
  LaneState,
  SignOffSettings,
} from '../../src/deploy/index.ts'
import { keepSignOff } from '../../src/flow/sign-offs.ts'
import type { Evidence } from '../../src/kernel/index.ts'
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

const contracts = (name: string, expires = 3_600_000): CommandGateSettings => ({
  kind: 'command',
  name,
  run: name,
  timeout: 5_000,
  env: {},
  expires,
})

const weekMs = 7 * 86_400_000
const signOff: SignOffSettings = {
  kind: 'signOff',
  name: 'signOff',
  count: 1,
  expires: weekMs,
  within: weekMs,
  notAuthor: true,
}

const wanting = (n: number, gates: (CommandGateSettings | SignOffSettings)[]) => {
  const plain = order(n)
  return { ...plain, settings: { ...plain.settings, instances: 1, gates } }
}

/** The command of a gate called `exits-N` does so; the others say yes. */
const scriptOf = (key: string) => {
  const exit = Number(/exits-(\d)/.exec(key)?.[1] ?? 0)
  return key.startsWith('check/') ? { endsAfterMs: 200, exit } : wellBehaved
}

type Seen = { lane: LaneState | undefined; deployments: (DeploymentState | undefined)[]; kept: Evidence[] }

function tale(
  name: string,
  deployments: number,
  asks: Tale['ask'],
  check: (seen: Seen, stage: Stage) => void,
): Tale {
  let seen: Seen = { lane: undefined, deployments: [], kept: [] }
  return {
    name,
    stage: () => {
      seen = { lane: undefined, deployments: [], kept: [] }
      return setStage({ scriptOf })
    },
    ask: asks,
    async look(stage) {
      const numbers = Array.from({ length: deployments }, (_, i) => i + 1)
      seen = {
        lane: await laneOf(stage),
        deployments: await Promise.all(numbers.map((number) => deploymentOf(stage, number))),
        kept: await stage.store.evidence.about(release(1), ['command']),
      }
    },
    over: () =>
      seen.lane?.holder === undefined &&
      (seen.lane?.aside ?? []).length === 0 &&
      seen.deployments.every((one) => one?.phase === 'ended'),
    check: async (stage) => check(seen, stage),
  }
}

const asked = (stage: Stage) =>
  [...stage.machine.startsOf]
    .filter(([key]) => key.startsWith('check/'))
    .map(([key, times]) => `${key} ${times}`)

const saysYes = tale(
  'a command that says yes is asked once, and its answer is evidence',
  1,
  (plimsoll) => ask(plimsoll, wanting(1, [contracts('contracts')])),
  (seen, stage) => {
    expect(seen.deployments[0]?.standing).toBe('passed')
    expect(asked(stage)).toEqual(['check/payments.production.1.contracts.1/run 1'])
    expect(seen.kept).toMatchObject([
      {
        about: { environment: 'production' },
        body: {
          check: 'payments.production.1.contracts.1',
          gate: 'contracts',
          is: 'pass',
          text: 'exited with 0 after 200 ms',
          lines: ['what it said'],
        },
      },
    ])
    const [only] = seen.kept
    expect(seen.deployments[0]?.gates).toMatchObject([{ verdict: { is: 'pass', seen: [only?.id] } }])
  },
)

const saysNo = tale(
  'a command that says no, and one that says nothing, are asked again with the next order',
  3,
  async (plimsoll, stage) => {
    const ends = (n: number) => until(plimsoll, async () => (await deploymentOf(stage, n))?.phase === 'ended')
    await ask(plimsoll, wanting(1, [contracts('exits-1')]))
    await ends(1)
    await ask(plimsoll, { ...wanting(1, [contracts('exits-1')]), name: 'again' })
    await ends(2)
    await ask(plimsoll, { ...wanting(1, [contracts('exits-3')]), name: 'broken' })
  },
  (seen, stage) => {
    expect(seen.deployments.map((one) => one?.standing)).toEqual(['failed', 'failed', 'inconclusive'])
    expect(seen.deployments[0]?.reasons[0]?.text).toBe(
      'gate exits-1: exited with 1 after 200 ms: what it said',
    )
    expect(seen.deployments[2]?.reasons[0]?.text).toMatch(/^gate exits-3: exited with 3/)
    expect(asked(stage)).toEqual([
      'check/payments.production.1.exits-1.1/run 1',
      'check/payments.production.2.exits-1.1/run 1',
      'check/payments.production.3.exits-3.1/run 1',
    ])
    expect(seen.kept).toHaveLength(3)
  },
)

const expired = tale(
  'an answer that is too old when the deployment has its turn is asked for again',
  1,
  async (plimsoll, stage) => {
    await ask(plimsoll, wanting(1, [contracts('contracts', 10_000), signOff]))
    await until(plimsoll, async () => {
      const is = await deploymentOf(stage, 1)
      return is?.gates.some(({ verdict }) => verdict.is === 'pass') === true || is?.phase === 'ended'
    })
    const { clock } = plimsoll.world
    await clock.until(clock.now() + 15_000)
    const about = { release: release(1), environment: 'production' }
    await keepSignOff(plimsoll.world, about, { by: 'grace', word: 'given', reason: 'seen' })
  },
  (seen, stage) => {
    expect(seen.deployments[0]?.standing).toBe('passed')
    // A sign-off that was lost in a crash is given again later: then it may be asked a third time.
    expect(seen.kept.length).toBeGreaterThanOrEqual(2)
    for (const one of asked(stage)) expect(one).toMatch(/ 1$/)
  },
)

const tales = [saysYes, saysNo, expired]

tellTales('gates that ask a command, crashed before and after every call', { tales, pointsAbove: 50 })
