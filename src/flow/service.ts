import type { Change } from '../changes/index.ts'
import type { ServiceConfig } from '../config/schema.ts'
import { type Decision, type Effect, type Json, type Machine, move, wait } from '../kernel/index.ts'

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

export const newService = (name: string): ServiceState => ({ name, seen: {}, runs: 0 })
export const runId = (service: string, number: number): string => `${service}.${number}`

/** Until the first configuration of a service is known, `main` is its protected branch. */
export const protectedBranch = (state: Pick<ServiceState, 'guard'>): string =>
  state.guard?.config.branch ?? 'main'

function runEffect(state: ServiceState, number: number, change: Change, actor: string): Effect {
  const id = runId(state.name, number)
  const guarded = change.branch === protectedBranch(state)
  return {
    kind: 'run.create',
    key: `service/${state.name}/run/${number}`,
    spec: { id, service: state.name, change, actor, secretsAllowed: guarded } as unknown as Json,
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

function accept(state: ServiceState, command: ServiceCommand): Decision<ServiceState> {
  switch (command.is) {
    case 'pushed':
      // Compared with other refs than those known: somebody was quicker; the caller compares again.
      if (!sameRefs(command.before, state.seen)) return wait('compared with old refs')
      if (sameRefs(command.seen, state.seen)) return wait('nothing new')
      return startRuns({ ...state, seen: command.seen }, command.changes, command.actor)
    case 'again':
      return startRuns(state, [command.change], command.actor)
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
