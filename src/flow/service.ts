import type { Change } from '../changes/index.ts'
import type { ServiceConfig } from '../config/schema.ts'
import { type SpikeChange, type SpikeSettings, spikeId, spikeName } from '../deploy/index.ts'
import { type Decision, type Effect, type Json, type Machine, move, wait } from '../kernel/index.ts'
import type { RunState, Trial } from '../pipeline/index.ts'
import { type MeasureWish, startMeasuring } from './service-measuring.ts'

/** What guards production, as the protected branch last said it. */
export type Guard = { readonly run: number; readonly commit: string; readonly config: ServiceConfig }

/** The journal's state of a service: the refs as last seen, and its runs. */
export type ServiceState = {
  readonly name: string
  /** Branch heads that have been taken: ref → commit. */
  readonly seen: Readonly<Record<string, string>>
  /** Runs so far; the number of the newest. */
  readonly runs: number
  readonly guard?: Guard
  readonly spikes?: ServiceSpikes
  /** Of the latest changes that were built to be measured. */
  readonly measured?: readonly { readonly name: string; readonly run: string }[]
}

/** Spikes so far, and the numbers of those that are open. */
export type ServiceSpikes = {
  readonly count: number
  readonly open: readonly number[]
  /** Of the latest wishes, and the spike that they led to: one that arrives twice is taken once. */
  readonly wishes: readonly { readonly name: string; readonly number: number; readonly run: string }[]
}

/** A change to be tried out in an environment of its own: a new one, or that of `number`. */
export type SpikeWish = {
  /** The same name twice is one wish. */
  readonly name: string
  readonly number?: number
  readonly change: Change
  readonly ref: string
  readonly actor: string
  readonly question?: string
  readonly lifeMs?: number
  readonly checks: Trial['checks']
  /** Of a new one: fixed here. */
  readonly settings: SpikeSettings
  readonly usualMs: number
  readonly atMost: number
}

export type ServiceCommand =
  | {
      readonly is: 'pushed'
      readonly changes: readonly Change[]
      readonly seen: Readonly<Record<string, string>>
      readonly before: Readonly<Record<string, string>>
      readonly actor: string
    }
  | { readonly is: 'again'; readonly change: Change; readonly actor: string }
  | { readonly is: 'guard'; readonly guard: Guard }
  | { readonly is: 'try'; readonly wish: SpikeWish }
  | { readonly is: 'measure'; readonly wish: MeasureWish }
  | { readonly is: 'spikeEnded'; readonly number: number }

export const newService = (name: string): ServiceState => ({ name, seen: {}, runs: 0 })
export const runId = (service: string, number: number): string => `${service}.${number}`

/** Until the first configuration of a service is known, `main` is its protected branch. */
export const protectedBranch = (state: Pick<ServiceState, 'guard'>): string =>
  state.guard?.config.branch ?? 'main'

/** Its configuration guards production, and its release may get there. What is tried out never does. */
export const isGuarded = (
  state: Pick<ServiceState, 'guard'>,
  { change, trial }: Pick<RunState, 'change' | 'trial'>,
): boolean => !trial && change.branch === protectedBranch(state)

function runEffect(
  state: ServiceState,
  number: number,
  change: Change,
  actor: string,
  trial?: Trial,
): Effect {
  const id = runId(state.name, number)
  const run = { change, ...(trial ? { trial } : {}) }
  const secretsAllowed = isGuarded(state, run)
  return {
    kind: 'run.create',
    key: `service/${state.name}/run/${number}`,
    spec: { id, service: state.name, ...run, actor, secretsAllowed } as unknown as Json,
  }
}

function startRuns(state: ServiceState, changes: readonly Change[], actor: string): Decision<ServiceState> {
  const effects = changes.map((change, i) => runEffect(state, state.runs + i + 1, change, actor))
  const events = changes.map((change, i) => ({
    type: 'change.accepted',
    body: {
      service: state.name,
      change: change.id,
      branch: change.branch,
      run: runId(state.name, state.runs + i + 1),
      actor,
    },
  }))
  return move({ ...state, runs: state.runs + changes.length }, { events, effects })
}

const sameRefs = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([ref, commit]) => b[ref] === commit)

const wishesRemembered = 50

const changeOf = ({ change, ref }: SpikeWish, run: string): Omit<SpikeChange, 'standing'> => ({
  ...{ run, ref, id: change.id, branch: change.branch, subject: change.subject },
})

/** What becomes of the spike: it is made, or told of a newer change. */
function spikeEffect(state: ServiceState, wish: SpikeWish, number: number, run: string): Effect {
  const id = spikeId(state.name, number)
  const { actor: owner, question, lifeMs, usualMs, settings, change } = wish
  if (wish.number !== undefined)
    return {
      kind: 'spike.tell',
      key: `service/${state.name}/spike/${number}/${run}`,
      spec: {
        spike: id,
        command: { is: 'update', change: changeOf(wish, run), ...(lifeMs === undefined ? {} : { lifeMs }) },
      } as unknown as Json,
    }
  const first = {
    ...{ number, service: state.name, owner, settings, lifeMs: lifeMs ?? usualMs, requestedAt: change.at },
    ...(question === undefined ? {} : { question }),
    changes: [{ ...changeOf(wish, run), standing: 'building' }],
  }
  return {
    kind: 'spike.create',
    key: `service/${state.name}/spike/${number}`,
    spec: first as unknown as Json,
  }
}

/** Takes a wish once, when there is room for it. */
function startSpike(state: ServiceState, wish: SpikeWish): Decision<ServiceState> {
  const { count, open, wishes } = state.spikes ?? { count: 0, open: [], wishes: [] }
  if (wishes.some(({ name }) => name === wish.name)) return wait('this wish was taken before')
  const isNew = wish.number === undefined
  if (isNew && open.length >= wish.atMost) return wait('as many are open as may be')
  if (!isNew && !open.includes(wish.number ?? 0)) return wait('it is not open')
  const number = wish.number ?? count + 1
  const spike = spikeId(state.name, number)
  const run = runId(state.name, state.runs + 1)
  const { name, change, actor, checks } = wish
  const spikes: ServiceSpikes = {
    count: Math.max(count, number),
    open: isNew ? [...open, number] : open,
    wishes: [{ name, number, run }, ...wishes].slice(0, wishesRemembered),
  }
  return move(
    { ...state, runs: state.runs + 1, spikes },
    {
      events: [
        {
          type: 'spike.requested',
          body: { service: state.name, environment: spikeName(number), spike, change: change.id, run, actor },
        },
      ],
      effects: [
        runEffect(state, state.runs + 1, change, actor, { for: spike, checks }),
        spikeEffect(state, wish, number, run),
      ],
    },
  )
}

function endSpike(state: ServiceState, number: number): Decision<ServiceState> {
  const { spikes } = state
  if (!spikes?.open.includes(number)) return wait('it is not open')
  return move({ ...state, spikes: { ...spikes, open: spikes.open.filter((one) => one !== number) } })
}

function accept(state: ServiceState, command: ServiceCommand): Decision<ServiceState> {
  switch (command.is) {
    case 'pushed':
      // Compared with other refs than those known: somebody was quicker; the caller compares again.
      if (!sameRefs(command.before, state.seen)) return wait('compared with old refs')
      if (sameRefs(command.seen, state.seen)) return wait('nothing new')
      return startRuns({ ...state, seen: command.seen }, command.changes, command.actor)
    case 'again':
      return startRuns(state, [command.change], command.actor)
    case 'try':
      return startSpike(state, command.wish)
    case 'measure':
      return startMeasuring(state, command.wish, runEffect)
    case 'spikeEnded':
      return endSpike(state, command.number)
    case 'guard':
      if ((state.guard?.run ?? 0) >= command.guard.run) return wait('a newer configuration is known')
      return move(
        { ...state, guard: command.guard },
        {
          events: [
            { type: 'service.configured', body: { service: state.name, commit: command.guard.commit } },
          ],
        },
      )
  }
}

/** A service: its pushed changes become runs, each once. It is only told; it has nothing to wait for. */
export const service: Machine<ServiceState, undefined, ServiceCommand> = {
  kind: 'service',
  decide: () => wait('waits for a push'),
  accept,
}
