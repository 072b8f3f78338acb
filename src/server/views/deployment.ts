import type { DeploymentView } from '../../contract/index.ts'
import {
  type DeploymentState,
  type GateSeen,
  heldText,
  type LaneState,
  laneId,
  newFleetOf,
  takesRequests,
  weightsIn,
} from '../../deploy/index.ts'
import { type FleetSeen, fleetSeen, type InstanceSeen, type TrafficSeen } from '../../fleet/index.ts'
import { noRollback, noTurningRound } from '../../flow/compatible.ts'
import { readFleet, readLane } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import { zoneIn } from '../../flow/zone.ts'
import { type Digest, formatDuration, shortDigest } from '../../kernel/index.ts'
import { canaryParts } from './judge.ts'
import { latencyOf } from './latency.ts'
import { fleetLedger, ledgerOf, requestsText } from './ledger.ts'
import { railView } from './rail.ts'
import { nameRelease } from './releases.ts'
import { waivingOf } from './waivers.ts'

type Fleet = DeploymentView['fleets'][number]

const instanceView = ({
  id,
  phase,
  port,
  since,
  crashes,
  because,
}: InstanceSeen): Fleet['instances'][number] => ({
  id,
  phase,
  since,
  crashes,
  ...(port === undefined ? {} : { port }),
  ...(because === undefined ? {} : { because }),
})

async function fleetView(
  world: World,
  state: DeploymentState,
  role: 'live' | 'new',
  fleet: string,
  release: DeploymentState['release'],
  seen: FleetSeen,
  traffic: TrafficSeen,
): Promise<Fleet> {
  const stage = state.stages[state.at]
  const weights = stage ? weightsIn(stage) : { from: 0, to: 0 }
  const wantedWeight = role === 'new' ? weights.to : weights.from
  const ledger = fleetLedger(state.ledger, fleet, traffic)
  const counts = traffic.counts[fleet]
  const latency = counts && latencyOf(counts.latency)
  return {
    fleet,
    role,
    release: await nameRelease(world, release),
    wantedWeight,
    serving: traffic.upstreams.filter((u) => u.fleet === fleet && u.serving).length,
    size: role === 'new' ? (stage?.sizes.to ?? 0) : (stage?.sizes.from ?? 0),
    instances: seen.instances.map(instanceView),
    ...(ledger ? { ledger } : {}),
    ...(latency ? { latency } : {}),
  }
}

/** Since a canary has the share that it has, as its judge sees it; else of what the gateway accepted in the whole deployment. */
function withShares(state: DeploymentState, fleets: Fleet[]): Fleet[] {
  const seen = state.stages[state.at]?.do === 'judge' ? state.judgement?.split.seen : undefined
  if (state.phase === 'moving' && typeof seen === 'number')
    return fleets.map((fleet) => ({ ...fleet, actualShare: fleet.role === 'new' ? seen : 1 - seen }))
  const total = fleets.reduce((sum, fleet) => sum + (fleet.ledger?.accepted ?? 0), 0)
  return fleets.map((fleet) =>
    total > 0 && fleet.ledger ? { ...fleet, actualShare: fleet.ledger.accepted / total } : fleet,
  )
}

function gatingText({ gates, release, environment }: DeploymentState): string {
  const pending = gates.flatMap(({ name, pending: why }) => (why ? [`gate ${name}: ${why}`] : []))
  return pending.length > 0
    ? `${shortDigest(release)} waits for ${pending.join('; ')}`
    : `the gates of ${environment} are judged for ${shortDigest(release)}`
}

/** One sentence: how it stands and what became of the requests. */
export function deploymentText(state: DeploymentState, requests: string): string {
  const short = shortDigest(state.release)
  const tookMs = state.endedAt && state.startedAt ? state.endedAt - state.startedAt : undefined
  const took = tookMs === undefined ? '' : ` in ${formatDuration(tookMs)}`
  const because = state.reasons.map((reason) => reason.text).join('; ')
  switch (state.phase) {
    case 'queued':
      return `${short} waits for ${state.environment}`
    case 'gating':
    case 'waiting':
      return gatingText(state)
    case 'moving':
      if (state.heldFor !== undefined) return `held: ${heldText(state)}; ${requests}`
      if (state.heldSince !== undefined)
        return `held: the new release ${state.judgement?.sentence ?? 'cannot be judged'}; ${requests}`
      return `${state.rail.at(-1)?.title ?? 'begins'}; ${requests}`
    case 'undoing':
      return `going back: ${because}; ${requests}`
    case 'ended':
      if (state.standing === 'passed') return `${short} runs in ${state.environment}${took}; ${requests}`
      return state.rail.length > 0
        ? `rolled back${took}: ${because}; ${requests}`
        : `not deployed: ${state.reasons[0]?.text ?? 'nobody said why'}`
  }
}

/** @param refused why it cannot be done, when it cannot */
export function rollbackAction(service: string, environment: string, to: string, refused?: string) {
  return {
    label: 'Roll back',
    effect: `${environment} of ${service} goes back to ${to}, without losing a request`,
    command: `plimsoll rollback ${service} ${environment}`,
    ...(refused === undefined ? {} : { refused }),
  }
}

/** What is done on the page when a gate waits for a person. */
function signOffAction({ service, environment, release, settings }: DeploymentState, gate: string) {
  const wanted = settings.gates.find((one) => typeof one !== 'string' && one.name === gate)
  if (typeof wanted !== 'object' || wanted.kind !== 'signOff') return undefined
  const short = shortDigest(release)
  return {
    label: 'Sign off',
    effect: `release ${short} is signed off for ${environment} of ${service}, in your name`,
    command: `plimsoll sign-off ${short} ${service} ${environment} --reason "…"`,
  }
}

/** What it looked at has a page, or what was said there can be read. */
function sourceView(source: GateSeen['source']): { link?: string; output?: string } {
  if (!source) return {}
  const id = encodeURIComponent(source.id)
  return source.kind === 'check' ? { output: `/api/checks/${id}/log` } : { link: `/${source.kind}s/${id}` }
}

/** While the gates are still judged it says what is waited for: afterwards that is of no interest. */
export function gateView(
  { name, verdict, pending: waited, waiver, source }: GateSeen,
  state: DeploymentState,
): DeploymentView['gates'][number] {
  const pending = state.phase === 'gating' || state.phase === 'waiting' ? waited : undefined
  const action = pending === undefined ? undefined : signOffAction(state, name)
  const reasons = verdict.is === 'pass' ? [] : verdict.reasons.map(({ text }) => ({ text }))
  return {
    name,
    is: pending === undefined ? verdict.is : 'waiting',
    reasons: pending === undefined ? reasons : [{ text: pending }],
    // Those without a configuration of their own wait for evidence alone.
    ...(pending !== undefined && state.settings.gates.includes(name) ? { measured: true as const } : {}),
    ...(waiver ? { waiver } : {}),
    ...(action ? { action } : {}),
    ...sourceView(source),
  }
}

/**
 * The way back: while it moves it is turned round, and while what it brought lives the release before is brought. Of any other
 * deployment there is none: what would be rolled back is not its release.
 */
async function wayBack(
  world: World,
  state: DeploymentState,
  lane: LaneState | undefined,
): Promise<Pick<DeploymentView, 'rollback'>> {
  const { service, environment } = state
  const to = (release: Digest, refused: string | undefined) => ({
    rollback: rollbackAction(service, environment, shortDigest(release), refused),
  })
  if (state.phase === 'moving' && state.from)
    return to(state.from.release, await noTurningRound(world, lane, state.id))
  const [before] = lane?.before ?? []
  return state.phase === 'ended' && before && lane?.live?.fleet === newFleetOf(state)
    ? to(before.release, await noRollback(world, lane))
    : {}
}

/** The page of one deployment. */
export async function viewDeployment(
  world: World,
  state: DeploymentState,
  because: string | undefined,
): Promise<DeploymentView> {
  const environment = laneId(state.service, state.environment)
  const traffic = await world.gateways.observe(environment)
  const lane = await readLane(world.journal, environment)
  const to = fleetSeen(await readFleet(world.journal, newFleetOf(state)))
  const live = state.from
  const from = live && fleetSeen(await readFleet(world.journal, live.fleet))
  const fleets = [
    ...(live && from ? [await fleetView(world, state, 'live', live.fleet, live.release, from, traffic)] : []),
    await fleetView(world, state, 'new', newFleetOf(state), state.release, to, traffic),
  ]
  const ledger = ledgerOf(state.ledger, state.phase === 'ended' ? undefined : traffic)
  return {
    schemaVersion: 1,
    id: state.id,
    service: state.service,
    environment: state.environment,
    timeZone: await zoneIn(world, state.service),
    strategy: state.settings.strategy.is,
    kind: state.kind === 'rollback' ? 'rollback' : 'deployment',
    takesRequests: takesRequests(state.settings),
    standing: state.standing,
    text: deploymentText(state, requestsText(state, state.phase === 'ended' ? undefined : traffic)),
    reasons: state.reasons.map(({ text, next }) => ({ text, ...(next === undefined ? {} : { next }) })),
    actor: state.actor,
    ...(state.fix === undefined ? {} : { fix: state.fix }),
    startedAt: state.startedAt ?? state.requestedAt,
    ...(state.endedAt === undefined ? {} : { endedAt: state.endedAt }),
    ...(live ? { from: await nameRelease(world, live.release) } : {}),
    to: await nameRelease(world, state.release),
    rail: railView(state, because),
    fleets: withShares(state, fleets),
    ledger,
    lostRequests: state.ledger.lost.map(({ at, method, path, instance, because: why }) => ({
      at,
      method,
      path,
      instance,
      because: why,
    })),
    gates: state.gates.map((gate) => {
      const shown = gateView(gate, state)
      return { ...shown, ...waivingOf(gate, shown, state, lane, world.clock.now()) }
    }),
    ...(state.verified ? { verified: { ...state.verified, found: [...state.verified.found] } } : {}),
    ...canaryParts(state),
    ...(await wayBack(world, state, lane)),
  }
}
