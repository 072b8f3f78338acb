import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { dropRef, type Repositories } from '../../changes/index.ts'
import {
  cancelRequest,
  doneAnswer,
  loadTestAnswer,
  loadTestPlan,
  loadTestRequest,
  loadTestView,
  loadTestWish,
} from '../../contract/index.ts'
import { type LifeCommand, lifeId, type Sized } from '../../deploy/index.ts'
import type { AllCommands } from '../../engine/index.ts'
import { settingsOfGuest, sizedOf } from '../../flow/guests.ts'
import { liveAs } from '../../flow/in-step.ts'
import { mustMeasure, orderLoadTest, orderMeasuring } from '../../flow/load-tests.ts'
import { assertRuns } from '../../flow/orders.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { inStepRef, loadTestRef, readLoadTest, readWatch } from '../../flow/records.ts'
import { type Digest, PlimsollError } from '../../kernel/index.ts'
import { runStanding } from '../../pipeline/index.ts'
import { viewLoadTest } from '../views/load-test.ts'
import { viewLoadTestPlan } from '../views/load-test-plan.ts'
import { runsOf } from '../views/records.ts'
import type { App } from './app.ts'
import { changeFor, findRelease, type Place, place } from './find.ts'
import { logQuery, sendLog } from './logs.ts'

const byId = z.object({ id: z.string() })

type Deps = { readonly repositories: Repositories; readonly commands: AllCommands }
type Wish = z.infer<typeof loadTestRequest>
type Answer = z.infer<typeof loadTestAnswer>

/** The load test that an order has led to; the order of a change arrives a moment later. */
async function numberOf({ world }: Plimsoll, at: Place, name: string): Promise<string> {
  const { clock, journal } = world
  const end = clock.now() + 5_000
  for (;;) {
    const watch = await readWatch(journal, inStepRef(at.service, at.environment))
    const behind = watch?.orders.indexOf(name) ?? -1
    const id = watch && behind >= 0 ? lifeId(at.service, at.environment, watch.tests - behind) : undefined
    if (id !== undefined && (await readLoadTest(journal, id))) return id
    // It is durable, and begins as soon as the server comes to it.
    if (clock.now() > end && id !== undefined) return id
    if (clock.now() > end + 25_000)
      throw new PlimsollError('PLM_STALE', `${name} was taken, and has not begun yet`)
    await clock.until(clock.now() + 10)
  }
}

/** What a commit has become already, when its pipeline has passed for good. */
async function builtBefore(
  { world }: Plimsoll,
  service: string,
  commit: string,
): Promise<Digest | undefined> {
  const runs = await runsOf(world, service)
  return runs.find((run) => !run.trial && run.change.commit === commit && runStanding(run) === 'passed')
    ?.release?.digest
}

type Change = NonNullable<Wish['change']>
type By = { readonly actor: string; readonly reason: string; readonly sized?: Sized }

/** What is live where it is to be measured with other instances, and whether it can be. @throws PLM_LOAD_SIZE, PLM_NOT_FOUND */
async function liveSized(
  { world }: Plimsoll,
  at: Place,
  release: Digest | undefined,
  sized: Sized,
): Promise<Digest> {
  await mustMeasure(world, at.service, at.environment)
  const live = await liveAs(world, at.service, at.environment)
  if (!live) throw new PlimsollError('PLM_NOT_FOUND', `nothing runs in ${at.environment} of ${at.service}`)
  const wanted = release ?? live.release
  await settingsOfGuest(world, { ...at, release: wanted }, live, sized)
  return wanted
}

async function orderChange(
  plimsoll: Plimsoll,
  at: Place,
  { name, commit, branch, ref, checks }: Change,
  by: By,
  { repositories }: Deps,
): Promise<{ readonly run?: string }> {
  const { world, runner } = plimsoll
  const change = await changeFor(repositories, at.service, commit, branch)
  const release = await builtBefore(plimsoll, at.service, commit)
  try {
    if (release !== undefined) {
      await orderRelease(plimsoll, at, release, name, by)
      await dropRef(change.repository, ref)
      return {}
    }
    const wish = { ...at, name, change: { ...change, at: world.clock.now() }, ref, checks, ...by }
    return { run: await orderMeasuring(world, runner, wish) }
  } catch (error) {
    // Nobody needs what was pushed for it.
    if (error instanceof PlimsollError) await dropRef(change.repository, ref)
    throw error
  }
}

async function orderRelease(
  { world, runner }: Plimsoll,
  at: Place,
  release: Digest | undefined,
  name: string,
  by: By,
): Promise<void> {
  if (release !== undefined) await assertRuns(world, { ...at, release })
  const guest = release === undefined ? {} : { guest: { release } }
  await orderLoadTest(world, runner, { ...at, name, ...by, cause: 'person', measures: true, ...guest })
}

/** Asks for one; its record is made right after, and whoever asked wants to look at it. */
async function order(plimsoll: Plimsoll, at: Place, wish: Wish, actor: string, deps: Deps): Promise<Answer> {
  if (wish.release !== undefined && wish.change !== undefined)
    throw new PlimsollError('PLM_USAGE', 'either a release or a change is measured, not both')
  const sized = sizedOf(wish)
  const by = { actor, reason: wish.reason ?? `wanted by ${actor}`, ...(sized ? { sized } : {}) }
  const name = wish.change?.name ?? randomUUID()
  const built = wish.change ? await orderChange(plimsoll, at, wish.change, by, deps) : {}
  if (!wish.change) {
    const named =
      wish.release === undefined ? undefined : await findRelease(plimsoll, at.service, wish.release)
    const release = sized ? await liveSized(plimsoll, at, named, sized) : named
    await orderRelease(plimsoll, at, release, name, by)
  }
  return { schemaVersion: 1, loadTest: await numberOf(plimsoll, at, name), ...built }
}

/** Load tests of environments. */
export function loadTestRoutes(app: App, plimsoll: Plimsoll, deps: Deps): void {
  const { world, runner } = plimsoll
  const { commands } = deps
  const find = async (id: string) => {
    const state = await readLoadTest(world.journal, id)
    if (!state) throw new PlimsollError('PLM_NOT_FOUND', `there is no load test ${id}`)
    return state
  }
  app.post(
    '/api/services/:service/environments/:environment/load-tests',
    { schema: { params: place, body: loadTestRequest, response: { 200: loadTestAnswer } } },
    ({ params, body, actor }) => order(plimsoll, params, body, actor, deps),
  )
  app.get(
    '/api/services/:service/environments/:environment/load-tests/plan',
    { schema: { params: place, querystring: loadTestWish, response: { 200: loadTestPlan } } },
    async ({ params, query }) => {
      const release =
        query.release === undefined ? undefined : await findRelease(plimsoll, params.service, query.release)
      return viewLoadTestPlan(world, params, { ...query, release })
    },
  )
  app.get(
    '/api/load-tests/:id',
    { schema: { params: byId, response: { 200: loadTestView } } },
    async ({ params }) => viewLoadTest(world, await find(params.id), runner.waitsFor(loadTestRef(params.id))),
  )
  app.post(
    '/api/load-tests/:id/cancel',
    { schema: { params: byId, body: cancelRequest, response: { 200: doneAnswer } } },
    async ({ params, body: { reason }, actor }) => {
      const command: LifeCommand = { is: 'cancel', actor, reason }
      return { schemaVersion: 1 as const, done: await runner.tell(loadTestRef(params.id), command) }
    },
  )
  app.get(
    '/api/load-tests/:id/log',
    { schema: { params: byId, querystring: logQuery.extend({ step: z.string().optional() }) } },
    async ({ params, query }, reply) => {
      const { id } = await find(params.id)
      const step = query.step ?? 'test'
      // The newest try is the one that people want to read.
      for (const attempt of [3, 2])
        if ((await commands.find(`loadTest/${id}/${step}/${attempt}`)) !== 'absent')
          return sendLog(commands, `loadTest/${id}/${step}/${attempt}`, query, reply)
      return sendLog(commands, `loadTest/${id}/${step}/1`, query, reply)
    },
  )
}
