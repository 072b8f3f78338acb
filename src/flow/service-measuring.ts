import type { Change } from '../changes/index.ts'
import type { Sized, TestOrder } from '../deploy/index.ts'
import { type Decision, type Effect, type Json, move, wait } from '../kernel/index.ts'
import type { Trial } from '../pipeline/index.ts'
import type { ServiceState } from './service.ts'

/** A change to be measured in an environment, once its pipeline has built it. */
export type MeasureWish = {
  /** The same name twice is one wish. */
  readonly name: string
  readonly environment: string
  readonly change: Change
  readonly ref: string
  readonly actor: string
  readonly reason: string
  readonly checks: Trial['checks']
  /** With other instances than the environment has. */
  readonly sized?: Sized
}

const wishesRemembered = 50

/** Builds it, and asks for the load test that waits for that. */
export function startMeasuring(
  state: ServiceState,
  wish: MeasureWish,
  runEffect: (state: ServiceState, number: number, change: Change, actor: string, trial: Trial) => Effect,
): Decision<ServiceState> {
  const { measured = [], name: service } = state
  const { name, environment, change, ref, actor, reason, checks, sized } = wish
  if (measured.some((one) => one.name === name)) return wait('this wish was taken before')
  const number = state.runs + 1
  const run = `${service}.${number}`
  const { id, branch, subject, repository } = change
  const order: TestOrder = {
    ...{ name, actor, reason, cause: 'person', measures: true },
    change: { run, id, branch, subject, kept: { repository, ref } },
    ...(sized ? { sized } : {}),
  }
  return move(
    {
      ...state,
      runs: number,
      measured: [{ name, run }, ...measured].slice(0, wishesRemembered),
    },
    {
      effects: [
        runEffect(state, number, change, actor, { for: `${service}.${environment}`, checks }),
        {
          kind: 'loadTest.order',
          key: `service/${service}/measure/${run}`,
          spec: { environment, order } as unknown as Json,
        },
      ],
    },
  )
}
