import {
  type Decision,
  type Digest,
  type Happening,
  type Instant,
  type Json,
  type Machine,
  move,
  sameJson,
  wait,
} from '../../../kernel/index.ts'
import { laneId } from '../lane-state.ts'
import { lifeId } from '../life/new.ts'
import type { Guest, LifeCause, MeasuredChange, Sized } from '../life/state.ts'
import { type Difference, type Drift, undeclared } from './drift.ts'

/** The journal's record of an environment that follows another: how it differed when it was last looked at. */
export type WatchState = {
  readonly service: string
  readonly environment: string
  /** Undefined until it was looked at, and when it follows nobody any more. */
  readonly drift?: Drift
  /** What ran in the environment that is followed. */
  readonly leader?: Digest
  /** Times that it changed. */
  readonly changes: number
  /** Load tests asked for so far; the number of the newest. */
  readonly tests: number
  /** Names of the latest of those, so that none is made twice. */
  readonly orders: readonly string[]
  /** When its load test was due last, by its schedule. */
  readonly due?: Instant
}

/** What there is to see; `drift` is undefined when it follows nobody. */
export type WatchSight = { readonly drift?: Drift; readonly leader?: Digest; readonly due?: Instant }

/** A wish for a load test; the same name twice is one. */
export type TestOrder = {
  readonly name: string
  readonly cause: LifeCause
  readonly actor: string
  readonly reason: string
  /** False: the environment is only put to sleep. */
  readonly measures: boolean
  readonly wanted?: Digest
  /** A release that is brought for it. */
  readonly guest?: Guest
  /** A change whose pipeline builds that release. */
  readonly change?: MeasuredChange
  /** With other instances than the environment has. */
  readonly sized?: Sized
}

export type WatchCommand = { readonly is: 'test'; readonly order: TestOrder }

const lookAgainMs = 2_000
const calmMs = 30_000

export const newWatch = (service: string, environment: string): WatchState => ({
  service,
  environment,
  changes: 0,
  tests: 0,
  orders: [],
})

/**
 * A difference goes on for as long as the same thing differs, whatever its values are meanwhile. Of releases the history
 * of both environments says more than whoever looked now and then.
 */
export function withSince(drift: Drift, before: Drift | undefined): Drift {
  const sinceOf = ({ what, since }: Difference): Instant =>
    (what === 'release' ? undefined : before?.differences.find((known) => known.what === what)?.since) ??
    since
  return { ...drift, differences: drift.differences.map((one) => ({ ...one, since: sinceOf(one) })) }
}

function tell({ service, environment }: WatchState, type: string, one: Difference): Happening {
  const { what, there, here, since } = one
  return { type, body: { service, environment, what, there, here, since } }
}

/** Drift begins when it is nobody's wish and nobody is mending it, and ends when it is gone or declared. */
function eventsOf(state: WatchState, drift: Drift | undefined): readonly Happening[] {
  const before = state.drift ? undeclared(state.drift) : []
  const now = drift ? undeclared(drift) : []
  const isIn = (all: readonly Difference[], { what }: Difference) => all.some((one) => one.what === what)
  return [
    ...now.filter((one) => !isIn(before, one)).map((one) => tell(state, 'drift.began', one)),
    ...before.filter((one) => !isIn(now, one)).map((one) => tell(state, 'drift.ended', one)),
  ]
}

/** Kind of evidence about a release that others follow: how an environment in step differs from it. */
export const driftKind = 'drift'

function keepEffect(state: WatchState, drift: Drift, release: Digest, at: Instant) {
  const id = laneId(state.service, state.environment)
  return {
    kind: 'evidence.keep',
    key: `inStep/${id}/drift/${state.changes}`,
    spec: { kind: driftKind, at, about: { release, environment: id }, body: drift } as unknown as Json,
  }
}

const ordersRemembered = 200

/** One more load test; each has its number. */
function order(state: WatchState, wish: TestOrder, now: Instant): Decision<WatchState> {
  const { service, environment } = state
  const number = state.tests + 1
  const id = lifeId(service, environment, number)
  const orders = [wish.name, ...state.orders].slice(0, ordersRemembered)
  const body = { service, environment, loadTest: id, actor: wish.actor }
  return move(
    { ...state, tests: number, orders },
    {
      events: wish.measures ? [{ type: 'loadTest.requested', body }] : [],
      effects: [
        {
          kind: 'loadTest.create',
          key: `inStep/${laneId(service, environment)}/test/${number}`,
          spec: { id, number, order: wish, at: now } as unknown as Json,
        },
      ],
    },
  )
}

/** What was due before anybody looked at the schedule was not missed; what became due while nobody lived was. */
function dueNow(state: WatchState, due: Instant, now: Instant): Decision<WatchState> {
  const next = { ...state, due }
  if (state.due === undefined) return move(next)
  const wish: TestOrder = {
    name: `schedule/${due}`,
    cause: 'schedule',
    actor: 'plimsoll',
    reason: 'by its schedule',
    measures: true,
  }
  return order(next, wish, now)
}

function decide(state: WatchState, seen: WatchSight, now: Instant): Decision<WatchState> {
  if (seen.due !== undefined && seen.due > (state.due ?? 0)) return dueNow(state, seen.due, now)
  if (!seen.drift && !state.drift) return wait('it follows no other environment', now + calmMs)
  const drift = seen.drift && withSince(seen.drift, state.drift)
  if (sameJson(drift, state.drift) && seen.leader === state.leader)
    return wait('looks whether it is in step', now + lookAgainMs)
  const { drift: _, leader: __, ...rest } = state
  const next: WatchState = {
    ...rest,
    changes: state.changes + 1,
    ...(drift ? { drift } : {}),
    ...(seen.leader ? { leader: seen.leader } : {}),
  }
  const keep = drift && seen.leader ? [keepEffect(next, drift, seen.leader, now)] : []
  return move(next, { events: eventsOf(state, drift), effects: keep })
}

/** Looks after one environment that follows another, so that each difference is known with its beginning. */
export const inStepWatch: Machine<WatchState, WatchSight, WatchCommand> = {
  kind: 'inStep',
  decide,
  accept: (state, { order: wish }, now) =>
    state.orders.includes(wish.name) ? wait('this was asked for before') : order(state, wish, now),
}
