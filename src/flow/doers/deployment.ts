import { addTallies, type DeploymentOrder, type LaneCommand, newDeployment } from '../../deploy/index.ts'
import type { EvidenceDraft, Json } from '../../kernel/index.ts'
import { askGates } from '../gates.ts'
import { deploymentRef, readDeployment, readFleet, readLane } from '../records.ts'
import type { Runner } from '../runner.ts'
import type { Doer } from '../story.ts'
import type { TrafficOrder, Upstreams, World } from '../world.ts'
import { startTask } from './task.ts'

type Creation = { readonly deployment: string; readonly number: number; readonly order: DeploymentOrder }

const create =
  (world: World, runner: () => Runner): Doer =>
  async ({ spec }, { of }) => {
    const { deployment, number, order } = spec as unknown as Creation
    const place = await readLane(world.journal, of.id)
    if (!place) throw new Error(`environment ${of.id} is not in the journal`)
    const state = newDeployment(deployment, number, place, order, world.clock.now())
    await runner().create(deploymentRef(deployment), state as unknown as Json)
  }

async function upstreamsOf(world: World, fleet: string): Promise<Upstreams[string]> {
  const state = await readFleet(world.journal, fleet)
  const { instances = [], want } = state ?? {}
  return instances.flatMap(({ index, port }) =>
    port === undefined ? [] : [{ index, port, ...(want && { release: want.release }) }],
  )
}

/** Gives the gateway of an environment its table; one that is gone gets none. */
export async function applyOrder(world: World, order: TrafficOrder & { fence: number }): Promise<void> {
  if ((await readLane(world.journal, order.environment))?.closed) return
  const upstreams = await Promise.all(
    order.fleets.map(async ({ fleet }) => [fleet, await upstreamsOf(world, fleet)] as const),
  )
  await world.gateways.apply(order, Object.fromEntries(upstreams), order.fence)
}

const applyTraffic =
  (world: World): Doer =>
  ({ spec }) =>
    applyOrder(world, spec as unknown as TrafficOrder & { fence: number })

/** What a deployment leaves behind for good: how it went and what became of every request. */
const keepEvidence =
  (world: World): Doer =>
  async (_effect, { of }) => {
    const state = await readDeployment(world.journal, of.id)
    if (!state?.endedAt) return
    const { id, kind, standing, reasons, rail, verified, ledger, actor, plan, judgement, letOn, fix } = state
    const { noWayBack } = state
    const requests = addTallies(Object.values(ledger.total))
    await world.evidence.put({
      kind: 'deployment',
      at: state.endedAt,
      about: { release: state.release, environment: `${state.service}.${state.environment}` },
      body: {
        ...{ deployment: id, kind, standing, reasons, rail, verified, requests, actor },
        ...{ plan, judgement, letOn, fix, noWayBack },
      } as unknown as Json,
    })
  }

const tellLane =
  (runner: () => Runner): Doer =>
  async ({ spec }) => {
    const { lane, command } = spec as unknown as { lane: string; command: LaneCommand }
    await runner().tell({ kind: 'environment', id: lane }, command)
  }

const getEvidence =
  (world: World, runner: () => Runner): Doer =>
  async (_effect, { of }) => {
    const state = await readDeployment(world.journal, of.id)
    if (state) await askGates(world, runner(), state)
  }

export const deploymentDoers = (world: World, runner: () => Runner): Readonly<Record<string, Doer>> => ({
  'deployment.create': create(world, runner),
  'gates.ask': getEvidence(world, runner),
  'deployment.evidence': keepEvidence(world),
  'traffic.apply': applyTraffic(world),
  'task.start': startTask(world),
  'lane.ended': tellLane(runner),
  'lane.tell': tellLane(runner),
  'evidence.keep': async ({ spec }) => {
    await world.evidence.put(spec as unknown as EvidenceDraft)
  },
})
