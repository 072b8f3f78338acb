import type { InstanceSeen } from '../../../fleet/index.ts'
import { formatDuration, type Instant, type Reason } from '../../../kernel/index.ts'
import type { LaneState } from '../lane-state.ts'
import { takesRequests } from '../order.ts'
import { leaseMs } from './effects.ts'
import { isSqueeze, type SqueezeSight, type SqueezeState, type StageNow } from './state.ts'

const isReady = ({ phase }: InstanceSeen): boolean => phase === 'ready'

/** Names the process of each instance: another one is another name. */
export const processesOf = (instances: readonly InstanceSeen[]): readonly string[] =>
  instances.map(({ index, attempt }) => `${index}/${attempt}`)

/**
 * Whoever has the environment or waits for it, but for the squeeze itself and those that were asked for after it: these are
 * refused, as they would not wait for it.
 */
function othersIn(lane: LaneState | undefined, own: string | undefined): readonly string[] {
  const { holder, queue = [] } = lane ?? {}
  const all = [...(holder ? [holder] : []), ...queue]
  const place = own === undefined ? -1 : all.findIndex(({ test }) => test === own)
  return all.flatMap((one, i) => {
    const comesLater = place >= 0 && i > place && one.test !== undefined && isSqueeze(one.test)
    if (i === place || comesLater) return []
    return [one.deployment ?? one.test ?? `${one.owner}: ${one.reason}`]
  })
}

/** What somebody wants: its own name once it has one, and the number of the instance. */
export type Asked = { readonly own?: string; readonly instance?: number }

/** All that speaks against squeezing an environment now; nothing when it may begin. */
export function whyNot(
  { lane, deployed, instances, firing, traffic }: Omit<SqueezeSight, 'owner'>,
  { own, instance }: Asked = {},
): readonly Reason[] {
  const ready = instances.filter(isReady).length
  const wanted = lane?.live?.size ?? 0
  const reasons: Reason[] = []
  if (!lane?.live) reasons.push({ text: 'nothing runs there', next: 'bring a release first' })
  else if (deployed && !takesRequests(deployed))
    reasons.push({ text: 'what runs there takes no requests', next: 'workers cannot be squeezed' })
  else if (wanted < 2)
    reasons.push({
      text: `${wanted} instance runs there: nothing would carry the requests should it be too much`,
      next: 'run two instances or more',
    })
  else if (ready < wanted || instances.length !== wanted)
    reasons.push({ text: `${ready} of ${wanted} instances are ready`, next: 'wait until all are' })
  if (instance !== undefined && wanted > 1 && instance >= wanted)
    reasons.push({ text: `there is no instance ${instance}`, next: `name one of 0 to ${wanted - 1}` })
  for (const other of othersIn(lane, own))
    reasons.push({ text: `${other} has the environment, or waits for it`, next: 'wait until that is over' })
  for (const { severity, text } of firing)
    reasons.push({ text: `a ${severity} fires: ${text}`, next: 'mend that first' })
  if (lane?.live && !traffic.reachable)
    reasons.push({ text: 'its gateway does not answer', next: 'wait until it does' })
  return reasons
}

/** A gateway that was started again counts anew, and nobody knows what it did meanwhile. */
const isOtherGateway = ({ stage }: SqueezeState, { traffic }: SqueezeSight): boolean =>
  stage?.since !== undefined && traffic.latencySince !== stage.since

function instanceLost(
  { processes = [] }: SqueezeState,
  { instances, traffic }: SqueezeSight,
): string | undefined {
  const sick = instances.find((one) => !isReady(one))
  if (sick) return `instance ${sick.index} is ${sick.phase}`
  const now = processesOf(instances)
  const gone = processes.find((one) => !now.includes(one))
  if (gone !== undefined) return `instance ${gone.split('/')[0]} ended, and was started again`
  const unwell = traffic.upstreams.find(({ serving, healthy }) => serving && !healthy)
  return unwell && `the gateway does not see ${unwell.instance} healthy`
}

/**
 * Whether the clock does not say how long a stage has gone on. Each look comes soon after the one before: otherwise somebody
 * put the clock back or forward, or the server stood still, and no rate would be true.
 */
export function clockJumped({ at, startedAt }: StageNow, now: Instant): string | undefined {
  if (now < (at?.at ?? startedAt)) return 'the clock was put back'
  const unseenMs = at ? now - at.at : 0
  return unseenMs > leaseMs ? `nobody looked for ${formatDuration(unseenMs)}, by the clock` : undefined
}

/** Why requests must be split evenly again at once; undefined while it may go on. */
export function whyStop(state: SqueezeState, seen: SqueezeSight, now: Instant): Reason | undefined {
  const { stage, settings, startedAt = now } = state
  if (stage && stage.owner !== seen.owner) return { text: 'the server was started again' }
  const page = seen.firing.find(({ severity }) => severity === 'page')
  if (page) return { text: `a page fires: ${page.text}` }
  if (seen.lane?.holder?.test !== state.id) return { text: 'the environment was taken away' }
  const [other] = othersIn(seen.lane, state.id)
  if (other !== undefined) return { text: `${other} waits for the environment` }
  if (!seen.traffic.reachable) return { text: 'the gateway does not answer' }
  if (isOtherGateway(state, seen)) return { text: 'the gateway was started again' }
  const lost = instanceLost(state, seen)
  if (lost !== undefined) return { text: lost }
  if (now - startedAt > settings.atMostMs)
    return { text: `it has gone on for ${formatDuration(settings.atMostMs)}, as long as it may` }
  return undefined
}
