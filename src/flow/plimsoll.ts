import { availableParallelism } from 'node:os'
import { allDoers } from './doers/index.ts'
import { startReactors } from './reactors.ts'
import { createRunner, ownerOfKey, type Runner } from './runner.ts'
import { leaveSqueezes } from './squeezes.ts'
import { alertsStory } from './stories/alerts.ts'
import { checkStory } from './stories/check.ts'
import { comparisonStory } from './stories/comparison.ts'
import { deploymentStory } from './stories/deployment.ts'
import { environmentStory } from './stories/environment.ts'
import { fleetStory } from './stories/fleet.ts'
import { foretoldStory } from './stories/foretold.ts'
import { futureStory } from './stories/future.ts'
import { heartbeatStory } from './stories/heartbeat.ts'
import { inStepStory } from './stories/in-step.ts'
import { loadTestStory } from './stories/load-test.ts'
import { notifierStory } from './stories/notifier.ts'
import { runStory } from './stories/run.ts'
import { serviceStory } from './stories/service.ts'
import { spikeStory } from './stories/spike.ts'
import { squeezeStory } from './stories/squeeze.ts'
import type { AnyStory, Trouble } from './story.ts'
import { startTracing, type Tracing } from './traces/follower.ts'
import type { World } from './world.ts'

/** Everything that is alive in a server: the world, and the one runner that drives all stories in it. */
export type Plimsoll = {
  readonly world: World
  readonly runner: Runner
  /** Present when somebody collects traces. */
  readonly tracing?: Tracing
  stop(): Promise<void>
}

export type Signals = { watch(listener: (key: string) => void): () => void }

export type Options = {
  readonly world: World
  /** A name that no other server has had. */
  readonly owner: string
  /** What tells that a command or a piece of work has moved on, by key. */
  readonly signals: readonly Signals[]
  readonly onTrouble: (trouble: Trouble) => void
  readonly onReactorTrouble: (error: unknown) => void
  /** A trace did not get through; it is tried again. */
  readonly onTracingTrouble?: (error: unknown) => void
}

/** Jobs of one run that may be at work at the same time; runs share the machine fairly enough by themselves. */
const jobsAtOnce = availableParallelism()

const storiesIn = (world: World, owner: string): AnyStory[] => [
  serviceStory(),
  runStory(world, { jobs: jobsAtOnce }),
  environmentStory(),
  deploymentStory(world),
  fleetStory(world),
  comparisonStory(world),
  spikeStory(world),
  inStepStory(world),
  loadTestStory(world),
  squeezeStory(world, owner),
  checkStory(world),
  notifierStory(world),
  alertsStory(world),
  heartbeatStory(world),
  foretoldStory(),
  futureStory(world),
]

/** Wakes the story that a key belongs to. */
const wakeByKey = (runner: Runner) => (key: string) => {
  const of = ownerOfKey(key)
  if (of) runner.wake(of)
}

/** Brings everything in the journal to life, and lets it react to what happens. */
export async function startPlimsoll({
  world,
  owner,
  signals,
  onTrouble,
  onReactorTrouble,
  onTracingTrouble = () => {},
}: Options): Promise<Plimsoll> {
  const runner: Runner = createRunner(
    {
      journal: world.journal,
      clock: world.clock,
      owner,
      doers: allDoers(world, () => runner, owner),
      onTrouble,
    },
    storiesIn(world, owner),
  )
  const deaf = signals.map((signal) => signal.watch(wakeByKey(runner)))
  await runner.start()
  const reactors = startReactors(world, runner, onReactorTrouble)
  const tracing = world.traces && startTracing(world, world.traces, onTracingTrouble)
  return {
    world,
    runner,
    ...(tracing ? { tracing } : {}),
    async stop() {
      await leaveSqueezes(world, runner)
      for (const unwatch of deaf) unwatch()
      await tracing?.stop()
      await reactors.stop()
      await runner.stop()
    },
  }
}
