import { laneId } from '../deploy/index.ts'
import type { Digest } from '../kernel/index.ts'
import { readJson, type StoredEvent } from '../store/index.ts'
import { askComparison } from './comparisons.ts'
import { expectHeartbeats } from './heartbeats.ts'
import { follow, watchFollowers } from './in-step.ts'
import { testAfter } from './load-tests.ts'
import { notifyOf } from './notifications.ts'
import { orderDeployment } from './orders.ts'
import { readDeployment, readLane, readRun, readService, readSpike, serviceRef } from './records.ts'
import type { Runner } from './runner.ts'
import { isGuarded } from './service.ts'
import type { World } from './world.ts'

/** What follows from an event. May be called twice for the same event; what it does then is nothing. */
export type Reactor = (event: StoredEvent, world: World, runner: Runner) => Promise<void>

/** Environments that a release reaches by itself from `after` (undefined: from the pipeline). */
async function bringOn(
  world: World,
  runner: Runner,
  service: string,
  after: string | undefined,
  order: { name: string; release: Digest; reason: string },
) {
  const config = (await readService(world.journal, service))?.guard?.config
  for (const [environment, place] of Object.entries(config?.environments ?? {})) {
    if (place.after !== after || place.promote !== 'auto' || place.inStepWith !== undefined) continue
    const lane = await readLane(world.journal, laneId(service, environment))
    if (lane?.rejected[order.release] || lane?.live?.release === order.release) continue
    await orderDeployment(world, runner, {
      ...order,
      service,
      environment,
      kind: after ? 'promote' : 'deploy',
      actor: 'plimsoll',
    })
  }
}

/** A run on the protected branch has read its configuration: from now on it guards production. */
const guardProduction: Reactor = async (event, world, runner) => {
  const run = await readRun(world.journal, event.of.id)
  const service = run && (await readService(world.journal, run.service))
  if (!run?.config || !service || !isGuarded(service, run)) return
  const number = Number(run.id.slice(run.id.lastIndexOf('.') + 1))
  const guard = { run: number, commit: run.change.id, config: await readJson(world.blobs, run.config) }
  await runner.tell(serviceRef(run.service), { is: 'guard', guard })
}

/** What a release carries is measured while it travels, so that no gate has to wait for it at the end. */
async function measureAhead(world: World, runner: Runner, service: string, release: Digest): Promise<void> {
  const config = (await readService(world.journal, service))?.guard?.config
  for (const [environment, { gates }] of Object.entries(config?.environments ?? {})) {
    if (!gates.includes('loadLine')) continue
    const live = (await readLane(world.journal, laneId(service, environment)))?.live?.release
    if (live === undefined) continue
    await askComparison(world, runner, {
      question: { service, environment, release, live },
      actor: 'plimsoll',
    })
  }
}

const deployAfterRun: Reactor = async (event, world, runner) => {
  const run = await readRun(world.journal, event.of.id)
  const service = run && (await readService(world.journal, run.service))
  if (!run?.release || !service || !isGuarded(service, run)) return
  await measureAhead(world, runner, run.service, run.release.digest)
  const reason = `${run.change.short} ${run.change.subject}`
  await bringOn(world, runner, run.service, undefined, {
    name: `run/${run.id}`,
    release: run.release.digest,
    reason,
  })
}

const promoteAfterDeployment: Reactor = async (event, world, runner) => {
  const done = await readDeployment(world.journal, event.of.id)
  if (!done) return
  await testAfter(world, runner, done)
  await follow(world, runner, done)
  if (done.kind === 'rollback') return
  const order = { name: `deployment/${done.id}`, release: done.release, reason: done.reason }
  await bringOn(world, runner, done.service, done.environment, order)
}

/**
 * There is room for another one. Told from here, since a service that tells a spike of a newer change waits for it:
 * they must not wait for each other.
 */
const makeRoom: Reactor = async (event, world, runner) => {
  const spike = await readSpike(world.journal, event.of.id)
  if (spike) await runner.tell(serviceRef(spike.service), { is: 'spikeEnded', number: spike.number })
}

/** What was woken for a deployment that did not go through is put to sleep again. */
const restAfterDeployment: Reactor = async (event, world, runner) => {
  const done = await readDeployment(world.journal, event.of.id)
  if (done) await testAfter(world, runner, done)
}

/**
 * What is new in step is looked after from now on, and gets what runs already in the environment that it follows; jobs that
 * are to tell when they run are expected.
 */
const lookAfterConfigured: Reactor = async (event, world, runner) => {
  await watchFollowers(world, runner, event.of.id)
  await expectHeartbeats(world, runner, event.of.id)
}

/** Event type → what follows from it. */
const reactors: Readonly<Record<string, Reactor>> = {
  'run.planned': guardProduction,
  'run.ended': deployAfterRun,
  'deployment.passed': promoteAfterDeployment,
  'spike.closed': makeRoom,
  'deployment.failed': restAfterDeployment,
  'deployment.inconclusive': restAfterDeployment,
  'deployment.cancelled': restAfterDeployment,
  'service.configured': lookAfterConfigured,
}

const cursorNote = 'reactors/cursor'

/** Follows the journal's events from where it stopped; an event counts as handled when all that follows is durable. */
export function startReactors(
  world: World,
  runner: Runner,
  onTrouble: (error: unknown) => void,
): { stop(): Promise<void> } {
  let going = true
  let newest = Promise.resolve()
  const pull = async () => {
    let cursor = Number((await world.journal.note(cursorNote)) ?? 0)
    for (;;) {
      const events = await world.journal.events(cursor, 100)
      if (events.length === 0) return
      for (const event of events) {
        if (!going) return
        await reactors[event.type]?.(event, world, runner)
        await notifyOf(event, world, runner)
        cursor = event.seq
      }
      await world.journal.setNote(cursorNote, cursor)
    }
  }
  const again = () => {
    newest = newest.then(pull).catch(async (error) => {
      onTrouble(error)
      await world.clock.until(world.clock.now() + 1_000)
      if (going) again()
    })
  }
  const unwatch = world.journal.watch(again)
  again()
  return {
    async stop() {
      going = false
      unwatch()
      await newest
    },
  }
}
