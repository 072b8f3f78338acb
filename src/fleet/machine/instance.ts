import { formatDuration, type Instant } from '../../kernel/index.ts'
import { describeEnd } from '../describe-end.ts'
import type { StartSpec } from '../fleet.ts'
import type { InstanceSight, InstanceState } from './state.ts'

/** First pause before a crashed instance is started again; doubles each time. */
const firstBackoffMs = 200
const longestBackoffMs = 30_000
/** Ready for so long, earlier crashes are forgotten. */
const steadyAfterMs = 60_000
/** Answering badly for so long, it is replaced. */
const unhealthyLimitMs = 30_000
/** Looks that find a ready instance ill before it is called so: one may fall into a stall of either side. */
const missesAllowed = 2

export const backoffMs = (crashes: number): number =>
  Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.max(0, Math.min(crashes, 16) - 1))

function crashed(instance: InstanceState, because: string, now: Instant): InstanceState {
  const crashes = instance.crashes + 1
  const { runs: _, ending: __, startedAt: ___, size: ____, missed: _____, ...rest } = instance
  return {
    ...rest,
    phase: 'backingOff',
    // A port that never served may have been the trouble; one that did is in the gateway's table.
    port: instance.everReady ? instance.port : undefined,
    crashes,
    because,
    lastCrash: because,
    since: now,
    notBefore: now + backoffMs(crashes),
  }
}

function ready(instance: InstanceState, sight: InstanceSight, now: Instant): InstanceState {
  const { because: _, missed, ...rest } = instance
  if (instance.phase !== 'ready') {
    return {
      ...rest,
      phase: 'ready',
      since: now,
      everReady: true,
      ...(sight.runs ? { runs: sight.runs } : {}),
      ...(sight.size ? { size: sight.size } : {}),
    }
  }
  const steady = instance.crashes > 0 && now - instance.since >= steadyAfterMs
  if (steady) return { ...rest, crashes: 0 }
  return missed === undefined ? instance : rest
}

function unhealthy(instance: InstanceState, because: string, now: Instant): InstanceState {
  if (instance.phase === 'starting') return instance.because === because ? instance : { ...instance, because }
  if (instance.phase === 'unhealthy') return instance
  const { missed = 0, ...rest } = instance
  return missed + 1 < missesAllowed
    ? { ...rest, missed: missed + 1 }
    : { ...rest, phase: 'unhealthy', because, since: now }
}

/** Notes when the process began, once it is seen. */
const begun = (instance: InstanceState, { startedAt }: InstanceSight): InstanceState =>
  instance.startedAt === undefined && startedAt !== undefined ? { ...instance, startedAt } : instance

/** What the kernel ended in the process that is over now is counted with those before it. */
function withKills(instance: InstanceState, { command }: InstanceSight): InstanceState {
  const more = typeof command === 'string' ? undefined : command.ended.kills
  if (!more) return instance
  const { kills = {} } = instance
  const sum = Object.entries(more).map(([name, count]) => [name, (kills[name] ?? 0) + count] as const)
  return { ...instance, kills: { ...kills, ...Object.fromEntries(sum) } }
}

/** A process that runs: what its health says of it. */
function running(instance: InstanceState, sight: InstanceSight, now: Instant): InstanceState {
  if (instance.phase === 'stopping' || instance.ending || !sight.health) return instance
  return sight.health.ok
    ? ready(instance, sight, now)
    : unhealthy(instance, sight.health.because ?? 'does not answer its health check', now)
}

/**
 * What has become of one instance. Undefined: it was to be stopped, and it is gone.
 */
export function look(
  instance: InstanceState,
  sight: InstanceSight | undefined,
  now: Instant,
): InstanceState | undefined {
  if (instance.phase === 'backingOff' || !sight) return instance
  const { command } = sight
  if (command === 'running') return running(begun(instance, sight), sight, now)
  if (instance.phase === 'stopping') return undefined
  if (command === 'absent') return sight.problem ? unhealthy(instance, sight.problem, now) : instance
  const known = withKills(instance, sight)
  if (known.ending) return crashed(known, known.because ?? 'was of no use', now)
  return crashed(known, command === 'lost' ? 'its process is gone' : describeEnd(command.ended), now)
}

/** What an instance is judged by: how it starts, and since when this server has looked at it. */
export type Judging = { readonly start: StartSpec; readonly watchedSince: Instant }

/** Why a running instance is of no use: it did not become healthy in time, or has been unhealthy for too long. */
function uselessBecause(
  instance: InstanceState,
  { start, watchedSince }: Judging,
  now: Instant,
): string | undefined {
  const said = instance.because ? ` (${instance.because})` : ''
  const seenMs = (since: Instant) => now - Math.max(since, watchedSince)
  if (instance.phase === 'starting' && seenMs(instance.startedAt ?? now) >= start.readyWithinMs)
    return `not healthy within ${formatDuration(start.readyWithinMs)}${said}`
  if (instance.phase === 'unhealthy' && seenMs(instance.since) >= unhealthyLimitMs)
    return `unhealthy for ${formatDuration(unhealthyLimitMs)}${said}`
  return undefined
}

/** Marks an instance that is of no use as being ended; the same instance otherwise. */
export function giveUp(instance: InstanceState, judging: Judging, now: Instant): InstanceState {
  const because = instance.ending ? undefined : uselessBecause(instance, judging, now)
  return because === undefined
    ? instance
    : { ...instance, phase: 'unhealthy', because, ending: true, since: now }
}
