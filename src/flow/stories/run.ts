import type { Found, Job, Key } from '../../kernel/index.ts'
import {
  looksOf,
  type RunCommand,
  type RunLimits,
  type RunSeen,
  type RunState,
  runMachine,
} from '../../pipeline/index.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

async function findAll<R>(job: Job<never, R>, keys: readonly Key[]): Promise<Record<Key, Found<R>>> {
  return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await job.find(key)] as const)))
}

async function see(world: World, state: RunState): Promise<RunSeen> {
  const looks = looksOf(state)
  const [commands, work] = await Promise.all([
    findAll(world.commands, looks.commands),
    findAll(world.work, looks.work),
  ])
  return { commands, work }
}

/** One change through its pipeline. */
export const runStory = (world: World, limits: RunLimits): Story<RunState, RunSeen, RunCommand> => ({
  machine: runMachine(limits),
  see: (state) => see(world, state),
})
