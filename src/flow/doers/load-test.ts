import { type MeasuredChange, newLife, type TestOrder } from '../../deploy/index.ts'
import { type FleetId, instanceKey } from '../../fleet/index.ts'
import type { Json, Key } from '../../kernel/index.ts'
import type { LineTestStart } from '../../load/index.ts'
import { configOf } from '../in-step.ts'
import { lifeSettingsOf, orderLoadTest } from '../load-tests.ts'
import { loadTestRef, readFleet, readRun, readWatch, runRef } from '../records.ts'
import type { Runner } from '../runner.ts'
import type { Doer } from '../story.ts'
import type { World } from '../world.ts'

type Creation = {
  readonly id: string
  readonly number: number
  readonly order: TestOrder
  readonly at: number
}

type Kept = NonNullable<MeasuredChange['kept']>

const create =
  (world: World, runner: () => Runner): Doer =>
  async ({ spec }, { of }) => {
    const { id, number, order, at } = spec as unknown as Creation
    const watch = await readWatch(world.journal, of)
    if (!watch) throw new Error(`${of.id} is not in the journal`)
    const { service, environment } = watch
    const { name: _, measures, ...asked } = order
    const settings = lifeSettingsOf(await configOf(world, service), environment, measures, order.sized)
    // The configuration has lost its load tests meanwhile: there is nothing to be done.
    if (!settings) return
    const state = newLife({ ...asked, id, number, service, environment, settings, requestedAt: at })
    await runner().create(loadTestRef(id), state as unknown as Json)
  }

export const loadTestDoers = (world: World, runner: () => Runner): Readonly<Record<string, Doer>> => ({
  'loadTest.create': create(world, runner),
  'loadTest.order': ({ spec }, { of }) => {
    const { environment, order } = spec as unknown as { environment: string; order: TestOrder }
    return orderLoadTest(world, runner(), { ...order, service: of.id, environment }).then(() => undefined)
  },
  'loadTest.giveUp': async ({ spec }) => {
    const { run, by } = spec as { run: string; by: string }
    if (await readRun(world.journal, run)) await runner().tell(runRef(run), { is: 'cancel', by })
  },
  'loadTest.drop': ({ spec }) => world.loadTests.drop(spec as unknown as Kept),
  'loadTest.start': async ({ key, spec }) => {
    const { fleet, ...start } = spec as unknown as Omit<LineTestStart, 'instances'> & { fleet?: FleetId }
    const { instances = [] } = (fleet && (await readFleet(world.journal, fleet))) || {}
    const keys = instances.map(({ index, attempt }) => instanceKey(fleet ?? '', index, attempt))
    return world.loadTests.start(key, { ...start, instances: keys })
  },
  'loadTest.cancel': ({ spec }) => {
    const { key, graceMs } = spec as { key: Key; graceMs: number }
    return world.loadTests.cancel(key, graceMs)
  },
  'loadTest.tidy': ({ spec }) => world.loadTests.tidy((spec as { id: string }).id),
})
