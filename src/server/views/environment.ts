import type { EnvironmentRow } from '../../contract/index.ts'
import { type DeploymentState, type LaneState, laneId } from '../../deploy/index.ts'
import { type FleetState, fleetSeen } from '../../fleet/index.ts'
import { noRollback } from '../../flow/compatible.ts'
import { readDeployment, readFleet } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import { shortDigest } from '../../kernel/index.ts'
import { deploymentText, rollbackAction } from './deployment.ts'
import { viewInStep } from './drift.ts'
import { gatewayLedger, requestsText } from './ledger.ts'
import { viewLoadTests } from './load-test.ts'
import { nameRelease } from './releases.ts'
import { waiversOf } from './waivers.ts'

type Row = EnvironmentRow
type Place = { readonly name: string; readonly after?: string | undefined }

const instancesOf = (fleet: FleetState | undefined): Row['instances'] => ({
  ready: fleetSeen(fleet).instances.filter((instance) => instance.phase === 'ready').length,
  wanted: fleet?.want.size ?? 0,
})

/** What a deployment is at; of a canary that it is one. */
function underWay(active: DeploymentState): Row['status'] {
  if (active.heldFor !== undefined && active.phase === 'moving')
    return { is: 'held', text: `${active.heldFor}; there is no way back by itself`, urgent: true }
  if (active.heldSince !== undefined && active.phase === 'moving')
    return { is: 'held', text: 'canary: the judge could not tell' }
  const title = active.rail.at(-1)?.title ?? `${shortDigest(active.release)} waits`
  // A first release, and a rollback, have nothing to be judged against.
  const isCanary = active.stages.some((stage) => stage.do === 'plan' || stage.do === 'judge')
  return { is: 'deploying', text: isCanary ? `canary: ${title}` : title }
}

function statusOf(
  lane: LaneState | undefined,
  active: DeploymentState | undefined,
  last: DeploymentState | undefined,
  instances: Row['instances'],
): Row['status'] {
  if (active) return underWay(active)
  if (!lane?.live) return { is: 'empty', text: last ? deploymentText(last, '') : 'nothing was deployed yet' }
  if (lane.holder?.test !== undefined) return { is: 'measured', text: lane.holder.reason }
  if (lane.live.size === 0) return { is: 'asleep', text: 'asleep until it is used' }
  if (instances.ready === 0) return { is: 'down', text: 'no instance is ready' }
  if (instances.ready < instances.wanted)
    return { is: 'degraded', text: `${instances.ready} of ${instances.wanted} instances are ready` }
  if (last?.standing === 'failed' && last.rail.length > 0)
    return { is: 'rolledBack', text: `${shortDigest(last.release)} was rolled back` }
  return { is: 'steady', text: 'steady' }
}

/** Those that wait for their gates: what for, in a sentence. */
async function waitsOf(world: World, lane: LaneState | undefined): Promise<Row['waits']> {
  const waiting = await Promise.all(
    (lane?.aside ?? []).map(({ deployment = '' }) => readDeployment(world.journal, deployment)),
  )
  return waiting.flatMap((one) =>
    one ? [{ deployment: one.id, release: one.release, text: deploymentText(one, '') }] : [],
  )
}

function lockOf(lane: LaneState | undefined): Row['lock'] {
  const { holder, queue = [] } = lane ?? {}
  // What a load test does with it is said with the load test.
  if (!holder || (holder.test !== undefined && queue.length === 0)) return undefined
  return {
    owner: holder.owner,
    reason: holder.reason,
    since: holder.since,
    ...(holder.until === undefined ? {} : { until: holder.until }),
    queue: queue.map(({ owner, reason, since }) => ({ owner, reason, since })),
  }
}

/** One row of the services page. */
export async function viewEnvironment(world: World, service: string, place: Place): Promise<EnvironmentRow> {
  const id = laneId(service, place.name)
  const lane = (await world.journal.read({ kind: 'environment', id }))?.state as LaneState | undefined
  const last = lane?.lastDeployment ? await readDeployment(world.journal, lane.lastDeployment) : undefined
  const holder = lane?.holder?.deployment
    ? await readDeployment(world.journal, lane.holder.deployment)
    : undefined
  const live = lane?.live
  const fleet = live && (await readFleet(world.journal, live.fleet))
  const instances = instancesOf(fleet)
  const traffic = await world.gateways.observe(id)
  const ledger = gatewayLedger(traffic)
  const lock = lockOf(lane)
  const port = (holder ?? last)?.settings.port
  const inStep = await viewInStep(world, service, place.name)
  const loadTests = await viewLoadTests(world, service, place.name)
  // While a deployment goes on, the way back leads to what it came to replace.
  const before = holder?.phase === 'moving' ? holder.from : lane?.before[0]
  return {
    name: place.name,
    ...(place.after === undefined ? {} : { after: place.after }),
    ...(inStep ? { inStep } : {}),
    ...(loadTests ? { loadTests } : {}),
    ...(port === undefined || port === 0 ? {} : { address: `http://127.0.0.1:${port}` }),
    ...(live ? { release: await nameRelease(world, live.release), since: live.since } : {}),
    ...(last?.verified ? { verified: last.verified.same } : {}),
    instances,
    status: statusOf(lane, holder, last, instances),
    ...(holder ? { deployment: holder.id } : {}),
    waits: await waitsOf(world, lane),
    ...(last
      ? {
          lastDeployment: {
            id: last.id,
            standing: last.standing,
            text: deploymentText(last, requestsText(last)),
            at: last.endedAt ?? last.requestedAt,
          },
        }
      : {}),
    ...(ledger ? { ledger } : {}),
    ...(lock ? { lock } : {}),
    waivers: waiversOf({ service, environment: place.name }, lane, world.clock.now()),
    ...(before
      ? {
          rollback: rollbackAction(
            service,
            place.name,
            shortDigest(before.release),
            await noRollback(world, lane),
          ),
        }
      : {}),
  }
}
