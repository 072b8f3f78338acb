import type { ServiceConfig } from '../../config/schema.ts'
import {
  downKey,
  newSpike,
  type SpikeCommand,
  type SpikeState,
  spikeKind,
  spikeRecord,
  upKey,
} from '../../deploy/index.ts'
import type { Json, Key, Variables } from '../../kernel/index.ts'
import { readJson } from '../../store/index.ts'
import { fillIn } from '../environment-variables.ts'
import { forgetPort, orderBy } from '../orders.ts'
import {
  deploymentRef,
  fleetRef,
  laneRef,
  readDeployment,
  readFleet,
  readLane,
  readRun,
  readSpike,
  runRef,
  spikeRef,
} from '../records.ts'
import type { Runner } from '../runner.ts'
import { deploymentsIn, spikeOrder } from '../spike-parts.ts'
import { configFor } from '../spikes.ts'
import type { Doer } from '../story.ts'
import type { World } from '../world.ts'

type Alive = { readonly world: World; readonly runner: () => Runner }

/** Does something for a spike as it is now: what is decided may be done long after. */
const forSpike =
  (world: World, go: (state: SpikeState, spec: never, key: Key) => Promise<void>): Doer =>
  async ({ key, spec }, { of }) => {
    const state = await readSpike(world.journal, of.id)
    if (state) await go(state, spec as never, key)
  }

const isEnding = ({ phase }: SpikeState): boolean => phase === 'closing' || phase === 'closed'

async function refsOf(world: World, { changes }: SpikeState): Promise<{ repository: string; ref: string }[]> {
  const runs = await Promise.all(changes.map(({ run }) => readRun(world.journal, run)))
  return changes.flatMap(({ ref }, i) => {
    const repository = runs[i]?.change.repository
    return repository === undefined ? [] : [{ repository, ref }]
  })
}

const folders = ({ world }: Alive) =>
  forSpike(world, async (state, { make }: { make: boolean }) => {
    const source = state.settings.dependencies?.source
    if (!make) {
      await forgetPort(world, state.id)
      return world.spikes.remove(state.id, await refsOf(world, state))
    }
    if (source && !isEnding(state)) await world.spikes.make(state.id, source)
  })

type CommandStart = {
  readonly which: 'up' | 'down'
  readonly run: string
  readonly timeoutMs: number
  readonly graceMs: number
  readonly env: Variables
}

/** Whether a command is still the one that is wanted: another may have taken its place while it could not be started. */
const isWanted = (state: SpikeState, which: 'up' | 'down', key: Key): boolean =>
  which === 'up'
    ? key === upKey(state) && !isEnding(state)
    : state.down?.standing === 'running' && key === downKey(state, state.down.attempt)

const logBytes = 10 * 2 ** 20

const command = ({ world }: Alive) =>
  forSpike(world, async (state, { which, run, timeoutMs, graceMs, env: wanted }: CommandStart, key) => {
    if (!isWanted(state, which, key)) return
    const { source, variables, secrets: secretsFile } = world.spikes.foldersOf(state.id)
    const { env, secrets } = await fillIn(world, wanted)
    const { service, environment } = state
    const own = {
      SERVICE: service,
      ENVIRONMENT: environment,
      DATA_DIR: world.dataFolder(service, environment, state.settings.target),
    }
    await world.commands.start(key, {
      argv: ['/bin/sh', '-eu', '-c', run],
      cwd: source,
      env: { ...env, ...own, ...(which === 'up' ? { VARIABLES: variables, SECRETS: secretsFile } : {}) },
      secrets,
      timeoutMs,
      graceMs,
      log: { maxBytes: logBytes, rotate: false },
    })
  })

const deploy = ({ world, runner }: Alive) =>
  forSpike(world, async (state, { run: id }: { run: string }) => {
    const change = state.changes.find(({ run }) => run === id)
    const config = (await readRun(world.journal, id))?.config
    if (isEnding(state) || change?.standing !== 'deploying' || !change.release || !config) return
    const asPushed = await readJson<ServiceConfig>(world.blobs, config)
    const asTried = configFor(asPushed, state.environment, state.settings, state.up?.variables ?? {})
    await orderBy(world, runner(), asTried, {
      ...{ service: state.service, environment: state.environment, release: change.release },
      ...{ name: spikeOrder(state, id), kind: 'deploy', actor: state.owner, reason: change.subject },
    })
  })

const cancelRun = async ({ world, runner }: Alive, run: string, by: string): Promise<void> => {
  if (await readRun(world.journal, run)) await runner().tell(runRef(run), { is: 'cancel', by })
}

/** All that goes on for it is told to end, and nothing new can begin. */
const stop = (alive: Alive) => {
  const { world, runner } = alive
  return forSpike(world, async (state) => {
    for (const { run } of state.changes) await cancelRun(alive, run, state.closing?.by ?? 'plimsoll')
    const lane = await readLane(world.journal, state.id)
    if (!lane) return
    await runner().tell(laneRef(state.service, state.environment), { is: 'close' })
    for (const id of deploymentsIn(await readLane(world.journal, state.id))) {
      if (!(await readDeployment(world.journal, id))) continue
      const because = { actor: 'plimsoll', reason: `${state.environment} is closed` }
      await runner().tell(deploymentRef(id), { is: 'abandon', ...because })
    }
  })
}

const stopInstances = ({ world, runner }: Alive) =>
  forSpike(world, async (state) => {
    for (const id of deploymentsIn(await readLane(world.journal, state.id))) {
      const fleet = await readFleet(world.journal, id)
      if (!fleet) continue
      const none = { ...fleet.want, size: 0 }
      await runner().tell(fleetRef(id), { is: 'want', want: none, fence: fleet.fence + 1 })
    }
  })

/** About the release that it was all about; without one there is nothing to know. */
const keep = ({ world }: Alive) =>
  forSpike(world, async (state) => {
    const release = state.changes.findLast((change) => change.release)?.release
    if (!release || state.endedAt === undefined) return
    await world.evidence.put({
      kind: spikeKind,
      at: state.answers.at(-1)?.at ?? state.endedAt,
      about: { release, environment: state.id },
      body: spikeRecord(state) as unknown as Json,
    })
  })

export const spikeDoers = (world: World, runner: () => Runner): Readonly<Record<string, Doer>> => {
  const alive = { world, runner }
  return {
    'spike.create': async ({ spec }) => {
      const state = newSpike(spec as unknown as Parameters<typeof newSpike>[0])
      await runner().create(spikeRef(state.id), state as unknown as Json)
    },
    'spike.tell': async ({ spec }) => {
      const told = spec as unknown as { spike: string; command: SpikeCommand }
      await runner().tell(spikeRef(told.spike), told.command)
    },
    'spike.folders': folders(alive),
    'spike.command': command(alive),
    'spike.deploy': deploy(alive),
    'spike.drop': forSpike(world, (state, { run }: { run: string }) => cancelRun(alive, run, state.owner)),
    'spike.stop': stop(alive),
    'spike.gateway': forSpike(world, ({ id }) => world.gateways.remove(id)),
    'spike.instances': stopInstances(alive),
    'spike.keep': keep(alive),
  }
}
