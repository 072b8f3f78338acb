import { describe, expect, it } from 'vitest'
import type { ServiceConfig } from '../../src/config/schema.ts'
import { serviceConfig } from '../../src/config/schema.ts'
import type { SpikeState } from '../../src/deploy/index.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { readRun, readService, readSpike, runRef, serviceRef, spikeRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import { askTry } from '../../src/flow/spikes.ts'
import type { Digest, Json } from '../../src/kernel/index.ts'
import { newRun } from '../../src/pipeline/index.ts'
import { putJson } from '../../src/store/index.ts'
import { change, digest, workEnds } from './changes.ts'
import type { Tale } from './explore.ts'
import { type Stage, setStage, wellBehaved } from './stage.ts'
import { tellTales } from './tell-tales.ts'

const sh = (run: string) => ({ run, timeout: 5_000 })

const configured = (dependencies: boolean): ServiceConfig =>
  serviceConfig.parse({
    service: 'payments',
    start: { command: 'serve', readyWithin: 2_000, grace: 1_000 },
    pipeline: { build: { steps: [sh('build')], outputs: ['dist'] }, test: { steps: [sh('test')] } },
    migrate: sh('migrate'),
    try: {
      ...(dependencies ? { dependencies: { up: sh('up'), down: sh('down') } } : {}),
      for: '30s',
      atMost: 2,
    },
  })

/** A service whose protected branch was read before. */
async function known({ runner }: Plimsoll, config: ServiceConfig): Promise<void> {
  const of = serviceRef('payments')
  await runner.create(runRef('payments.0'), {
    ...newRun({
      id: 'payments.0',
      service: 'payments',
      change: change(9),
      actor: 'ada',
      secretsAllowed: true,
      startedAt: 0,
    }),
    phase: 'ended',
  } as unknown as Json)
  await runner.create(of, {
    ...newService('payments'),
    guard: { run: 0, commit: 'c', config },
  } as unknown as Json)
}

const ask = async ({ world, runner }: Plimsoll, n: number, more: object = {}): Promise<number> => {
  const taken = await askTry(world, runner, {
    ...{ service: 'payments', name: `wish-${n}`, change: change(n), ref: `refs/tries/${n}`, actor: 'ada' },
    ...{ checks: 'run' as const, question: 'Does it hold?', ...more },
  })
  return taken.number
}

const spikeOf = (stage: Stage, number = 1) => readSpike(stage.store.journal, `payments.try-${number}`)

async function until({ world }: Plimsoll, holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await world.clock.until(world.clock.now() + 100)
}

const isOpen = (plimsoll: Plimsoll, stage: Stage, number = 1) =>
  until(plimsoll, async () => ((await spikeOf(stage, number))?.phase ?? 'starting') !== 'starting')

const tell = ({ runner }: Plimsoll, command: object) => runner.tell(spikeRef('payments.try-1'), command)

type Parts = {
  readonly dependencies?: boolean
  /** How often `down` fails before it succeeds. */
  readonly downFails?: number
  readonly exits?: (key: string) => number
  readonly script?: (key: string) => object | undefined
  readonly ask: (plimsoll: Plimsoll, stage: Stage) => Promise<void>
  readonly check: (stage: Stage, spike: SpikeState) => Promise<void> | void
}

/** Commands that end, by what they are. */
const commandsOf =
  ({ exits = () => 0, script = () => undefined, downFails = 0 }: Parts) =>
  (key: string) => {
    const scripted = script(key)
    if (scripted) return scripted
    if (key.startsWith('fleet/')) return wellBehaved
    const [, attempt] = /\/down\/(\d+)$/.exec(key) ?? []
    const exit = attempt !== undefined && Number(attempt) <= downFails ? 1 : exits(key)
    return { endsAfterMs: 300, exit }
  }

/** Nothing is left behind, whatever happened; the record is kept once. */
async function nothingLeft(
  stage: Stage,
  spike: SpikeState,
  startedCommands: readonly string[],
): Promise<void> {
  expect(spike.phase).toBe('closed')
  expect(stage.machine.alive().map(({ key }) => key)).toEqual([])
  expect([...stage.gateways.tables.keys()]).toEqual([])
  expect([...stage.spikes.folders]).toEqual([])
  expect([...stage.host.processes.keys()].filter((key) => !key.startsWith('run/'))).toEqual([])
  expect(await stage.store.journal.note('port/payments.try-1')).not.toBeTypeOf('number')
  const ups = startedCommands.filter((key) => key.endsWith('/up'))
  const downs = startedCommands.filter((key) => /\/down\/\d+$/.test(key))
  if (ups.length > 0) expect(downs.length, 'a down after every up').toBeGreaterThan(0)
  for (const [key, times] of stage.machine.startsOf) expect(times, key).toBe(1)
  expect((await readService(stage.store.journal, 'payments'))?.spikes?.open).toEqual([])
  const fleets = await stage.store.journal.list({ kind: 'fleet', ended: false })
  const lanes = await stage.store.journal.list({ kind: 'environment', ended: false })
  expect([...fleets, ...lanes]).toEqual([])
  expect(await stage.store.journal.withPending()).toEqual([])
  const releases = new Set(spike.changes.flatMap(({ release }) => release ?? []))
  const kept = await Promise.all([...releases].map((one) => stage.store.evidence.about(one, ['spike'])))
  expect(kept.flat().length, 'the record is kept once').toBe(releases.size > 0 ? 1 : 0)
}

function tale(name: string, parts: Parts): Tale {
  let seen: SpikeState | undefined
  let settled = false
  const config = configured(parts.dependencies ?? true)
  return {
    name,
    stage: () => {
      seen = undefined
      settled = false
      let kept: Digest = digest('c')
      const stage = setStage({
        scriptOf: commandsOf(parts),
        workOf: workEnds(config, () => kept),
        clients: { perSecond: 20, failing: () => 0 },
      })
      void putJson(stage.store.blobs, config as unknown as Json).then((known) => {
        kept = known
      })
      return stage
    },
    async ask(plimsoll, stage) {
      await known(plimsoll, config)
      await parts.ask(plimsoll, stage)
    },
    async look(stage) {
      seen = await spikeOf(stage)
      const open = (await readService(stage.store.journal, 'payments'))?.spikes?.open ?? []
      settled = (await stage.store.journal.withPending()).length === 0 && open.length === 0
    },
    over: () => seen?.phase === 'closed' && settled,
    async check(stage) {
      const spike = seen as SpikeState
      await nothingLeft(stage, spike, [...stage.machine.startsOf.keys()])
      await parts.check(stage, spike)
    },
  }
}

const standings = ({ changes }: SpikeState) => changes.map(({ standing }) => standing)
const started = (stage: Stage, part: string) =>
  [...stage.machine.startsOf.keys()].filter((key) => key.includes(part))

const expired = tale('a spike whose time ends', {
  ask: async (plimsoll) => void (await ask(plimsoll, 1)),
  check(stage, spike) {
    expect(spike.closing?.why).toBe('expired')
    expect(standings(spike)).toEqual(['runs'])
    expect(spike.warned).toBe(spike.until)
    expect(started(stage, 'payments.try-1/up')).toHaveLength(1)
    expect(started(stage, 'task/migrate')).toHaveLength(1)
    expect(stage.spikes.droppedRefs).toContain('refs/tries/1')
    expect(spike.up?.variables).toEqual({
      DATABASE: 'db',
      PASSWORD: { secret: 'spike/payments.try-1/PASSWORD' },
    })
  },
})

const answered = tale('a spike that is updated, extended and closed with its answer', {
  async ask(plimsoll, stage) {
    await ask(plimsoll, 1)
    await isOpen(plimsoll, stage)
    await ask(plimsoll, 2, { number: 1 })
    await until(plimsoll, async () => (await spikeOf(stage))?.changes[1]?.standing === 'runs')
    await tell(plimsoll, { is: 'extend', lifeMs: 60_000, by: 'ada' })
    await tell(plimsoll, { is: 'close', answer: { text: 'It holds.', by: 'ada', reports: [] } })
  },
  check(stage, spike) {
    expect(spike.closing?.why).toBe('closed')
    expect(standings(spike)).toEqual(['replaced', 'runs'])
    expect(spike.answers.map(({ text }) => text)).toEqual(['It holds.'])
    // From the first instance on that served, one always did, until the gateway was taken away.
    const served = stage.gateways.history.map(({ serving }) => serving)
    expect(served).toContain(1)
    expect(served.slice(served.indexOf(1))).not.toContain(0)
    expect(spike.ledger.total).not.toEqual({})
  },
})

const unbuilt = tale('a spike whose build fails', {
  exits: (key) => (key.includes('/build/') ? 1 : 0),
  ask: async (plimsoll) => void (await ask(plimsoll, 1)),
  check(stage, spike) {
    expect(spike.closing?.why).toBe('failed')
    expect(spike.reasons[0]?.text).toMatch(/build failed/)
    expect(started(stage, 'spike/')).toEqual([])
  },
})

const redTests = tale('a spike whose tests fail opens all the same', {
  exits: (key) => (key.includes('/test/') ? 1 : 0),
  ask: async (plimsoll) => void (await ask(plimsoll, 1)),
  check(_stage, spike) {
    expect(spike.closing?.why).toBe('expired')
    expect(spike.changes[0]).toMatchObject({ standing: 'runs', checks: expect.stringMatching(/test failed/) })
  },
})

const noUp = tale('a spike whose dependencies cannot be made, and are taken away at the third try', {
  exits: (key) => (key.endsWith('/up') ? 3 : 0),
  downFails: 2,
  ask: async (plimsoll) => void (await ask(plimsoll, 1)),
  check(stage, spike) {
    expect(spike.closing?.why).toBe('failed')
    expect(spike.reasons[0]?.text).toMatch(/could not be made: exited with 3/)
    expect(spike.down).toMatchObject({ attempt: 3, standing: 'gone' })
    expect(started(stage, 'fleet/')).toEqual([])
  },
})

const endlessUp = tale('a spike whose dependencies never come', {
  script: (key) => (key.endsWith('/up') ? {} : undefined),
  ask: async (plimsoll) => void (await ask(plimsoll, 1)),
  check(_stage, spike) {
    expect(spike.reasons[0]?.text).toMatch(/it did not end in time/)
    expect(spike.down?.standing).toBe('gone')
  },
})

const neverHealthy = tale('a spike whose release never becomes healthy', {
  script: (key) => (key.startsWith('fleet/') ? {} : undefined),
  ask: async (plimsoll) => void (await ask(plimsoll, 1)),
  check(_stage, spike) {
    expect(spike.closing?.why).toBe('failed')
    expect(standings(spike)).toEqual(['failed'])
    expect(spike.reasons[0]?.text).toMatch(/not healthy within/)
  },
})

const impatient = (name: string, isReached: (spike: SpikeState, stage: Stage) => boolean) =>
  tale(name, {
    async ask(plimsoll, stage) {
      await ask(plimsoll, 1)
      await until(plimsoll, async () => {
        const spike = await spikeOf(stage)
        return spike !== undefined && (spike.phase === 'closed' || isReached(spike, stage))
      })
      await tell(plimsoll, { is: 'close', answer: { by: 'ada', reports: [] } })
    },
    check(_stage, spike) {
      expect(spike.closing).toMatchObject({ why: 'closed', by: 'ada' })
    },
  })

const whileBuilding = impatient('a spike that is closed while it is being built', () => true)
const whilePreparing = impatient(
  'a spike that is closed while its dependencies are being made',
  ({ up }) => up !== undefined,
)
const whileDeploying = impatient(
  'a spike that is closed while it is being deployed',
  (_spike, stage) => started(stage, 'fleet/').length > 0,
)

const bare = tale('a spike without dependencies, of which a better one fails', {
  dependencies: false,
  exits: (key) => (key.startsWith('run/payments.2/build/') ? 1 : 0),
  async ask(plimsoll, stage) {
    await ask(plimsoll, 1)
    await isOpen(plimsoll, stage)
    await ask(plimsoll, 2, { number: 1 })
  },
  check(stage, spike) {
    expect(standings(spike)).toEqual(['runs', 'failed'])
    expect(spike.closing?.why).toBe('expired')
    expect(started(stage, 'spike/')).toEqual([])
  },
})

const leftBehind = tale('a spike whose dependencies cannot be taken away, until a person gives up on them', {
  downFails: 99,
  async ask(plimsoll, stage) {
    await ask(plimsoll, 1)
    await isOpen(plimsoll, stage)
    await tell(plimsoll, { is: 'close', answer: { by: 'ada', reports: [] } })
    await until(plimsoll, async () => {
      const spike = await spikeOf(stage)
      return spike?.phase === 'closed' || (spike?.down?.attempt ?? 0) > 1
    })
    await tell(plimsoll, { is: 'leave', by: 'ada (it is gone)' })
  },
  check(_stage, spike) {
    expect(spike.down).toMatchObject({ standing: 'left', by: 'ada (it is gone)' })
    expect(spike.down?.because).toMatch(/exited with 1/)
  },
})

const tales = [
  ...[expired, answered, unbuilt, redTests, noUp, endlessUp, neverHealthy],
  ...[whileBuilding, whilePreparing, whileDeploying, bare, leftBehind],
]

tellTales('a spike, crashed before and after every call', { tales, pointsAbove: 50 })

describe('a spike whose time ends while the machine is off', () => {
  it('is taken away when the machine is there again', async () => {
    const one = answered.stage()
    const { clock, host } = one
    let seen: SpikeState | undefined
    const look = () => {
      void spikeOf(one).then((state) => {
        seen = state
      })
      clock.at(clock.now() + 200, look)
    }
    look()
    const first = await one.live(undefined).plimsoll
    await known(first, configured(true))
    await ask(first, 1)
    expect(await clock.runUntil(() => seen?.phase === 'open', clock.now() + 60_000)).toBe('done')
    await first.stop()
    // Nothing outlives the loss of power but what is on the disk.
    for (const process of host.alive())
      process.ended = {
        exit: null,
        signal: 'SIGKILL',
        why: 'exited',
        startedAt: 0,
        endedAt: 0,
        droppedBytes: 0,
      }
    const later = clock.now() + 7_200_000
    await clock.runUntil(() => clock.now() >= later, later + 1_000)
    expect(seen?.phase).toBe('open')
    await one.live(undefined).plimsoll
    expect(await clock.runUntil(() => seen?.phase === 'closed', clock.now() + 600_000)).toBe('done')
    await clock.runUntil(() => false, clock.now() + 5_000)
    expect(seen?.closing?.why).toBe('expired')
    await nothingLeft(one, seen as SpikeState, [...host.startsOf.keys()])
  })
})

describe('how many spikes there may be', () => {
  it('is as the protected branch says; a wish that arrives twice is one', async () => {
    const stage = setStage({ scriptOf: () => ({}), workOf: () => ({ is: 'failed', because: 'nothing' }) })
    const plimsoll = await stage.live(undefined).plimsoll
    await known(plimsoll, configured(false))
    expect(await ask(plimsoll, 1)).toBe(1)
    expect(await ask(plimsoll, 1)).toBe(1)
    expect(await ask(plimsoll, 2)).toBe(2)
    await expect(ask(plimsoll, 3)).rejects.toThrow(/2 of payments are open, as many as may be/)
    await expect(ask(plimsoll, 4, { number: 7 })).rejects.toThrow(/there is no payments.try-7/)
    await expect(ask(plimsoll, 5, { lifeMs: 1e9 })).rejects.toThrow(/longer than 3 d 0 h/)
    expect((await readRun(stage.store.journal, 'payments.3')) === undefined).toBe(true)
  })
})
