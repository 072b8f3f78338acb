import type { Json, Key } from '../../kernel/index.ts'
import { type ChangeRef, newRun, type StepStart, type Trial, type WorkSpec } from '../../pipeline/index.ts'
import { fillIn } from '../environment-variables.ts'
import { runRef } from '../records.ts'
import type { Runner } from '../runner.ts'
import type { Doer } from '../story.ts'
import type { World } from '../world.ts'

type Creation = {
  readonly id: string
  readonly service: string
  readonly change: ChangeRef
  readonly actor: string
  readonly secretsAllowed: boolean
  readonly trial?: Trial
}

const logBytes = 20 * 2 ** 20

const startStep =
  (world: World): Doer =>
  async ({ key, spec }) => {
    const step = spec as unknown as StepStart
    const { env, secrets } = await fillIn(world, step.env)
    await world.commands.start(key, {
      argv: ['/bin/sh', '-eu', '-c', step.run],
      cwd: world.jobFolder(step.cwdKey),
      env,
      secrets,
      timeoutMs: step.timeoutMs,
      graceMs: step.graceMs,
      log: { maxBytes: logBytes, rotate: false },
    })
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
