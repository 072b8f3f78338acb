import type { Json, Key } from '../../kernel/index.ts'
import { type ChangeRef, newRun, type StepStart, type Trial, type WorkSpec } from '../../pipeline/index.ts'
import { runRef } from '../records.ts'
import type { Runner } from '../runner.ts'
import type { Doer } from '../story.ts'
import { spanOfTry } from '../traces/parents.ts'
import type { World } from '../world.ts'
import { commandOfStep } from './step.ts'

type Creation = {
  readonly id: string
  readonly service: string
  readonly change: ChangeRef
  readonly actor: string
  readonly secretsAllowed: boolean
  readonly trial?: Trial
}

const startStep =
  (world: World): Doer =>
  async ({ key, spec }, { of }) => {
    const step = spec as unknown as StepStart
    const env = { ...(await spanOfTry(world, of.id, key)), ...step.env }
    await world.commands.start(key, await commandOfStep(world, { ...step, env }))
  }

const createRun =
  (world: World, runner: () => Runner): Doer =>
  async ({ spec }) => {
    const creation = spec as unknown as Creation
    const state = newRun({ ...creation, startedAt: world.clock.now() })
    await runner().create(runRef(creation.id), state as unknown as Json)
  }

export const runDoers = (world: World, runner: () => Runner): Readonly<Record<string, Doer>> => ({
  'run.create': createRun(world, runner),
  'command.start': startStep(world),
  'command.cancel': ({ spec }) => {
    const { key, graceMs } = spec as { key: Key; graceMs: number }
    return world.commands.cancel(key, graceMs)
  },
  'work.start': ({ key, spec }) => world.work.start(key, spec as unknown as WorkSpec),
  'work.cancel': ({ spec }) => world.work.cancel((spec as { key: Key }).key, 0),
  'run.tidy': ({ spec }) => world.tidy((spec as { run: string }).run),
})
