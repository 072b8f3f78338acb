import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Change } from '../changes/index.ts'
import type { AllCommands, Engine } from '../engine/index.ts'
import type { Clock, Json, Key } from '../kernel/index.ts'
import { createWork, type Evaluate, newRun, type RunState } from '../pipeline/index.ts'
import type { Store } from '../store/index.ts'
import { runDoers } from './doers/run.ts'
import { readRun, runRef } from './records.ts'
import { createRunner, ownerOfKey, type Runner } from './runner.ts'
import { runStory } from './stories/run.ts'
import type { World } from './world.ts'

export type LocalRun = {
  readonly change: Change
  readonly service: string
  readonly actor: string
  /** For working directories. */
  readonly folder: string
  readonly store: Store
  readonly commands: AllCommands
  readonly engine: Engine
  readonly clock: Clock
  readonly secrets: World['secrets']
  readonly evaluate: Evaluate
  /** Called with each new state. */
  readonly onState: (state: RunState) => void
  /** Cancels the run; what goes on is ended first. */
  readonly signal?: AbortSignal
}

const id = 'local.1'
/** People see no more often what a run does. */
const showEveryMs = 20

/**
 * Runs the pipeline of a change on this machine, with the same machine, plan and doers as a server, to its end.
 * @returns the state in which it ended
 */
export async function runLocally(options: LocalRun): Promise<RunState> {
  const { store, commands, clock, secrets, folder } = options
  const { journal, evidence, blobs } = store
  const kept = new Map<string, `sha256:${string}`>()
  const work = createWork({
    engine: options.engine,
    folder,
    blobs,
    evidence,
    kept: { get: async (name) => kept.get(name), set: async (name, outputs) => void kept.set(name, outputs) },
    evaluate: options.evaluate,
    hasSecret: (name) =>
      secrets([name]).then(
        () => true,
        () => false,
      ),
  })
  const world = {
    clock,
    journal,
    evidence,
    blobs,
    commands,
    work,
    secrets,
    jobFolder: (key: Key) => join(folder, ...key.split('/').slice(1)),
    tidy: (run: string) => work.tidy(run),
    // Environments have no part in a run.
  } as unknown as World
  const runner: Runner = createRunner(
    {
      journal,
      clock,
      owner: 'local',
      doers: runDoers(world, () => runner),
      onTrouble: ({ error }) => {
        throw error
      },
    },
    [runStory(world, { jobs: availableParallelism() })],
  )
  const wake = (key: Key) => {
    const of = ownerOfKey(key)
    if (of) runner.wake(of)
  }
  const deaf = [commands.watch(wake), work.watch(wake)]
  const ended = new Promise<RunState>((resolve) => {
    // However much happens at once, the state is read again when it was read before.
    let due = false
    const read = async () => {
      due = false
      const state = await readRun(journal, id)
      if (state) options.onState(state)
      if (state?.phase === 'ended') resolve(state)
    }
    deaf.push(
      journal.watch(() => {
        if (due) return
        due = true
        void clock.until(clock.now() + showEveryMs).then(read)
      }),
    )
  })
  const { change, service, actor } = options
  const first = newRun({ id, service, change, actor, secretsAllowed: true, startedAt: clock.now() })
  await runner.create(runRef(id), first as unknown as Json)
  options.signal?.addEventListener(
    'abort',
    () => void runner.tell(runRef(id), { is: 'cancel', by: actor }).catch(() => {}),
    { once: true },
  )
  const state = await ended
  for (const unwatch of deaf) unwatch()
  await runner.stop()
  await work.close()
  return state
}
