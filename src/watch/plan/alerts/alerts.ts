import {
  type Decision,
  formatDuration,
  type Instant,
  type Machine,
  move,
  wait,
} from '../../../kernel/index.ts'
import { blindness, burningIn, type Change, isBlind, takeBurning } from './firing.ts'
import { addSilence, endSilence, expireSilences, mutedBy } from './muting.ts'
import {
  type AlertSettings,
  type AlertsCommand,
  type AlertsSeen,
  type AlertsState,
  type Burning,
  isFiring,
} from './state.ts'
import { groupsOf, remember, tell, tellDue } from './telling.ts'

/** News that is none is written down no more often than this. */
const refreshMs = 60_000
/** How soon it is seen that what an alert depends on is well again. */
const lookAgainMs = 15_000

const moved = (change: Change | undefined): Decision<AlertsState> | undefined =>
  change && move(change.state, { events: change.events })

const sameBurning = (a: readonly Burning[], b: readonly Burning[]): boolean =>
  a.length === b.length &&
  a.every(({ slo, window, severity }) =>
    b.some((one) => one.slo === slo && one.window === window && one.severity === severity),
  )

/** Environments of which nothing has been heard for too long. */
const deadlines = (
  { seenAt, expectedAt }: AlertsState,
  { since, environments }: AlertsSeen,
  settings: AlertSettings,
) =>
  Object.entries({ ...expectedAt, ...seenAt })
    .filter(([environment]) => environments.includes(environment))
    .map(([environment, at]) => ({ environment, at: Math.max(at, since) + settings.deadAfter }))

function goBlind(
  state: AlertsState,
  seen: AlertsSeen,
  settings: AlertSettings,
  now: Instant,
): Change | undefined {
  const dead = deadlines(state, seen, settings).find(
    ({ environment, at }) => at <= now && !isBlind(state, environment),
  )
  if (!dead) return undefined
  const { environment } = dead
  const burning = [...burningIn(state, environment), blindness(formatDuration(settings.deadAfter))]
  return takeBurning(state, environment, burning, now)
}

/** What is promised no more burns no more. */
function leaveOut(state: AlertsState, environments: readonly string[], now: Instant): Change | undefined {
  const known = Object.keys({ ...state.expectedAt, ...state.seenAt })
  const gone = known.find((environment) => !environments.includes(environment))
  if (gone === undefined) return undefined
  const { [gone]: _, ...seenAt } = state.seenAt
  const { [gone]: __, ...expectedAt } = state.expectedAt ?? {}
  return takeBurning({ ...state, seenAt, expectedAt }, gone, [], now)
}

/** Alerts that were over before anybody was told are told to nobody; the journal has them. Groups end with their alerts. */
function tidy(state: AlertsState, seen: AlertsSeen, settings: AlertSettings): Change | undefined {
  const alerts = state.alerts.filter((alert) => isFiring(alert) || alert.toldAt !== undefined)
  const open = new Set(groupsOf({ ...state, alerts }, { ...seen, down: {} }, settings).map(({ key }) => key))
  const groups = Object.fromEntries(Object.entries(state.groups).filter(([key]) => open.has(key)))
  const isSame =
    alerts.length === state.alerts.length && Object.keys(groups).length === Object.keys(state.groups).length
  return isSame ? undefined : { state: { ...state, alerts, groups }, events: [] }
}

const aliveDueAt = ({ aliveAt }: AlertsState, { alive }: AlertSettings): Instant | undefined =>
  alive === undefined ? undefined : aliveAt === undefined ? 0 : aliveAt + alive

/** Tells somebody outside, who misses it when it does not come. Whoever hears nothing does not say that all is well. */
function sayAlive(state: AlertsState, settings: AlertSettings, now: Instant): Change | undefined {
  const dueAt = aliveDueAt(state, settings)
  const environments = Object.keys(state.seenAt)
  if (dueAt === undefined || dueAt > now || environments.length === 0) return undefined
  if (environments.some((environment) => isBlind(state, environment))) return undefined
  const telling = tell(state.service, 'watch.alive', [], [], `${state.service} is watched`, now)
  return { state: { ...remember(state, [telling]), aliveAt: now }, events: [telling.event] }
}

function waitForNext(
  state: AlertsState,
  seen: AlertsSeen,
  settings: AlertSettings,
  now: Instant,
): Decision<AlertsState> {
  const muted = state.alerts.filter(isFiring).map((alert) => mutedBy(state, alert, seen.down))
  const times = [
    ...groupsOf(state, seen, settings).map(({ dueAt }) => dueAt),
    ...state.silences.map(({ until }) => (until === 'resolved' ? undefined : until)),
    ...deadlines(state, seen, settings).map(({ at }) => at),
    aliveDueAt(state, settings),
    muted.some((one) => one?.by === 'dependency') ? now + lookAgainMs : undefined,
  ].filter((at) => at !== undefined && at > now)
  const firing = state.alerts.filter(isFiring).length
  const because = firing === 0 ? 'all is well' : `${firing} ${firing === 1 ? 'alert fires' : 'alerts fire'}`
  return wait(because, times.length === 0 ? undefined : Math.min(...times.map(Number)))
}

function decide(state: AlertsState, seen: AlertsSeen, now: Instant): Decision<AlertsState> {
  const { settings } = seen
  if (!settings) return wait('nobody has said who is told')
  const change =
    leaveOut(state, seen.environments, now) ??
    expireSilences(state, now) ??
    goBlind(state, seen, settings, now) ??
    tellDue(state, groupsOf(state, seen, settings), now) ??
    sayAlive(state, settings, now) ??
    tidy(state, seen, settings)
  return moved(change) ?? waitForNext(state, seen, settings, now)
}

function accept(state: AlertsState, command: AlertsCommand, now: Instant): Decision<AlertsState> {
  switch (command.is) {
    case 'seen': {
      const { environment, at, burning } = command
      const before = state.seenAt[environment] ?? Number.NEGATIVE_INFINITY
      if (at <= before) return wait('this was said before')
      if (sameBurning(burningIn(state, environment), burning) && at - before < refreshMs)
        return wait('it is as it was')
      const change = takeBurning(state, environment, burning, at)
      const seenAt = { ...change.state.seenAt, [environment]: at }
      const { [environment]: _, ...expectedAt } = change.state.expectedAt ?? {}
      return move({ ...change.state, seenAt, expectedAt }, { events: change.events })
    }
    case 'expected': {
      const { environment, at } = command
      if (environment in { ...state.expectedAt, ...state.seenAt }) return wait('it is expected already')
      return move({ ...state, expectedAt: { ...state.expectedAt, [environment]: at } })
    }
    case 'silence':
      return moved(addSilence(state, command.silence)) ?? wait('it is silent already')
    case 'unsilence':
      return (
        moved(endSilence(state, command.id, command.by)) ??
        wait(`nothing is silent by ${command.id} at ${now}`)
      )
  }
}

/** The alerts of a service: who is told of them, once, and when they are over. */
export const alerts: Machine<AlertsState, AlertsSeen, AlertsCommand> = { kind: 'alerts', decide, accept }
