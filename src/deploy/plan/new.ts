import type { Instant } from '../../kernel/index.ts'
import { emptyLedger } from './ledger.ts'
import type { DeploymentOrder } from './order.ts'
import type { DeploymentState } from './state.ts'

/** A deployment on its first day: it waits for its environment. */
export const newDeployment = (
  id: string,
  number: number,
  place: { readonly service: string; readonly environment: string },
  order: DeploymentOrder,
  now: Instant,
): DeploymentState => ({
  id,
  number,
  ...place,
  kind: order.kind,
  release: order.release,
  actor: order.actor,
  reason: order.reason,
  ...(order.fix === undefined ? {} : { fix: order.fix }),
  settings: order.settings,
  phase: 'queued',
  standing: 'waiting',
  stages: [],
  at: 0,
  rail: [],
  gates: [],
  ledger: emptyLedger,
  reasons: [],
  requestedAt: now,
})
