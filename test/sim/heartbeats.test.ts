import { describe, expect, it } from 'vitest'
import { expectHeartbeats } from '../../src/flow/heartbeats.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { heartbeatRef, readHeartbeat, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { Json } from '../../src/kernel/index.ts'
import type { HeartbeatCommand, HeartbeatState } from '../../src/watch/index.ts'
import { exploreCrashes, type Tale } from './explore.ts'
import { setStage, wellBehaved } from './stage.ts'

const minuteMs = 60_000
const job = heartbeatRef('payments', 'production', 'settlement')

async function configure({ world, runner }: Plimsoll): Promise<void> {
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  const heartbeats = [
    { name: 'settlement', every: 10 * minuteMs, timeZone: 'UTC', grace: minuteMs, longest: 5 * minuteMs },
  ]
  const config = {
    ...{ service: 'payments', slos: [], notify: [] },
    watch: { heartbeats, elsewhere: {} },
    environments: { production: {} },
  }
  await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c', config } })
  await expectHeartbeats(world, runner, 'payments')
}

/** It runs, fails, hangs, and is not heard of any more. */
const script: readonly (readonly [number, Omit<HeartbeatCommand, 'at'>])[] = [
  [1, { is: 'start', run: 'a' }],
  [2, { is: 'success', run: 'a' }],
  [11, { is: 'start', run: 'b' }],
  [12, { is: 'failure', run: 'b', exitCode: 3 }],
  [21, { is: 'start', run: 'c' }],
]

let began = 0
let state: HeartbeatState | undefined

const tale: Tale = {
  name: 'a job that fails, hangs and stays away',
  limitMs: 90 * minuteMs,
  lookEveryMs: 20_000,
  stage: () => {
    const stage = setStage({ scriptOf: () => wellBehaved })
    began = stage.clock.now()
    state = undefined
    return stage
  },
  async ask(plimsoll) {
    await configure(plimsoll)
    for (const [minute, command] of script) {
      const at = began + minute * minuteMs
      await plimsoll.world.clock.until(at)
      await plimsoll.runner.tell(job, { ...command, at })
    }
  },
  async look(on) {
    state = await readHeartbeat(on.store.journal, job)
  },
  over: () => state?.standing === 'stuck',
  async check(on) {
    expect(state).toMatchObject({ runs: { success: 1, failure: 1 }, running: { run: 'c' } })
    const events = await on.store.journal.events(0, 1_000, job)
    const told = events.map(({ type }) => type)
    expect(told.filter((type) => type === 'heartbeat.failed')).toHaveLength(1)
    expect(told.at(-1)).toBe('heartbeat.stuck')
  },
}

describe('heartbeats, crashed before and after every call', () => {
  it(tale.name, { timeout: 60_000 }, async () => {
    const { points } = await exploreCrashes(tale)
    expect(points).toBeGreaterThan(20)
  })
})
