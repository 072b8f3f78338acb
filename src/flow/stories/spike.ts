import type { ServiceConfig } from '../../config/schema.ts'
import {
  commandVariables,
  downKey,
  type LaneState,
  type SpikeCommand,
  type SpikeDeployment,
  type SpikeSight,
  type SpikeState,
  spikeMachine,
  upKey,
} from '../../deploy/index.ts'
import { instanceKey } from '../../fleet/index.ts'
import type { Key, Ref } from '../../kernel/index.ts'
import { runStanding, runText } from '../../pipeline/index.ts'
import { readJson } from '../../store/index.ts'
import { secretsProblem } from '../environment-variables.ts'
import {
  deploymentRef,
  fleetRef,
  laneRef,
  readDeployment,
  readFleet,
  readLane,
  readRun,
  runRef,
} from '../records.ts'
import { deploymentsIn, spikeOrder } from '../spike-parts.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

async function seeRun(world: World, { changes, service }: SpikeState): Promise<SpikeSight['run']> {
  const newest = changes.at(-1)
  if (newest?.standing !== 'building') return { is: 'running' }
  const run = await readRun(world.journal, newest.run)
  if (run?.phase !== 'ended') return { is: run ? 'running' : 'absent' }
  const passed = runStanding(run) === 'passed'
  const { release, config } = run
  const ended = { is: 'ended', passed, text: runText(run) } as const
  if (!release || !config) return ended
  const { start } = await readJson<ServiceConfig>(world.blobs, config)
  const text = `${service} does not say how it is started: its configuration has no start`
  return start ? { ...ended, release: release.digest } : { ...ended, text }
}

/** The deployment of the newest change, once the environment has taken the order. */
async function seeDeployment(
  world: World,
  state: SpikeState,
  lane: LaneState | undefined,
): Promise<SpikeDeployment | undefined> {
  const newest = state.changes.at(-1)
  if (newest?.standing !== 'deploying' || !lane?.orders.includes(spikeOrder(state, newest.run)))
    return undefined
  return readDeployment(world.journal, lane.lastDeployment ?? '')
}

/** It goes on, or has ended and left something to do that could bring something back. */
async function isBusy(world: World, of: Ref): Promise<boolean> {
  const record = await world.journal.read(of)
  if (!record?.ended) return true
  return (await world.journal.pending(of)).length > 0
}

const countBusy = async (world: World, all: readonly Ref[]): Promise<number> =>
  (await Promise.all(all.map((of) => isBusy(world, of)))).filter(Boolean).length

async function seeLeft(
  world: World,
  state: SpikeState,
  lane: LaneState | undefined,
): Promise<SpikeSight['left']> {
  const step = state.closing?.step
  const none = { work: 0, gateway: false, fleets: 0, folders: false }
  if (step === 'work') {
    const runs = state.changes.map(({ run }) => runRef(run))
    const deployments = deploymentsIn(lane).map(deploymentRef)
    const own = lane ? [laneRef(state.service, state.environment)] : []
    return { ...none, work: await countBusy(world, [...runs, ...deployments, ...own]) }
  }
  if (step === 'gateway') return { ...none, gateway: await world.gateways.exists(state.id) }
  if (step === 'instances') {
    const fleets = deploymentsIn(lane).map(fleetRef)
    const made = await Promise.all(fleets.map((of) => world.journal.read(of)))
    return {
      ...none,
      fleets: await countBusy(
        world,
        made.flatMap((record) => (record ? [record.of] : [])),
      ),
    }
  }
  return step === 'folders' ? { ...none, folders: await world.spikes.exists(state.id) } : none
}

/** The command that goes on: its key, and which one it is. */
function commandAt(state: SpikeState): { key: Key; which: 'up' | 'down' } | undefined {
  if (state.down?.standing === 'running') return { key: downKey(state, state.down.attempt), which: 'down' }
  const matters = state.up?.standing === 'running' || (state.up && state.closing?.step === 'work')
  return matters ? { key: upKey(state), which: 'up' } : undefined
}

/** So many lines tell why. */
const lines = 15

const lastWords = async (world: World, key: Key): Promise<string> =>
  (await world.lastLines(key, lines)).join('\n')

/** How the command that goes on stands, why it cannot be started, and what it said. */
async function seeCommand(
  world: World,
  state: SpikeState,
): Promise<Pick<SpikeSight, 'up' | 'down' | 'problem' | 'said' | 'variables' | 'variablesProblem'>> {
  const at = commandAt(state)
  if (!at) return { up: 'absent', down: 'absent' }
  const { key, which } = at
  const found = await world.commands.find(key)
  const both =
    which === 'up' ? { up: found, down: 'absent' as const } : { up: 'absent' as const, down: found }
  if (found === 'absent') {
    const problem = await secretsProblem(world, [commandVariables(state, which)])
    return { ...both, ...(problem === undefined ? {} : { problem }) }
  }
  if (typeof found !== 'object') return both
  if (found.ended.exit !== 0) return { ...both, said: await lastWords(world, key) }
  const wrote = which === 'up' ? await world.spikes.variables(state.id) : { variables: {} }
  return {
    ...both,
    ...('problem' in wrote ? { variablesProblem: wrote.problem } : { variables: wrote.variables }),
  }
}

/** Its instances are gone, and so will be what they printed: the last lines tell why it did not start. */
async function instanceWords(world: World, fleet: string): Promise<string> {
  const attempt = (await readFleet(world.journal, fleet))?.starts ?? 0
  return attempt > 0 ? lastWords(world, instanceKey(fleet, 0, attempt)) : ''
}

async function see(world: World, state: SpikeState): Promise<SpikeSight> {
  const lane = await readLane(world.journal, state.id)
  const deployment = await seeDeployment(world, state, lane)
  const said = deployment?.standing === 'failed' ? await instanceWords(world, deployment.id) : ''
  return {
    run: await seeRun(world, state),
    lane,
    ...(deployment ? { deployment } : {}),
    ...(said ? { said } : {}),
    ...(await seeCommand(world, state)),
    traffic: await world.gateways.observe(state.id),
    left: await seeLeft(world, state, lane),
  }
}

/** An environment of its own for a change. */
export const spikeStory = (world: World): Story<SpikeState, SpikeSight, SpikeCommand> => ({
  machine: spikeMachine,
  see: (state) => see(world, state),
})
