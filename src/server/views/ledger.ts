import type { LedgerView } from '../../contract/index.ts'
import {
  addTallies,
  type DeploymentState,
  type Ledger,
  type Tally,
  takesRequests,
} from '../../deploy/index.ts'
import type { Counts, TrafficSeen } from '../../fleet/index.ts'

const ofTally = (tally: Tally, inFlight: number): LedgerView => ({ ...tally, inFlight })

/** Requests of a whole deployment. */
export const ledgerOf = (ledger: Ledger, seen: TrafficSeen | undefined): LedgerView =>
  ofTally(addTallies(Object.values(ledger.total)), inFlightOf(seen))

/** Requests of one fleet during a deployment. */
export const fleetLedger = (
  ledger: Ledger,
  fleet: string,
  seen: TrafficSeen | undefined,
): LedgerView | undefined => {
  const tally = ledger.total[fleet]
  return tally && ofTally(tally, seen?.counts[fleet]?.inFlight ?? 0)
}

const inFlightOf = (seen: TrafficSeen | undefined): number =>
  Object.values(seen?.counts ?? {}).reduce((sum, counts) => sum + counts.inFlight, 0)

/** What the gateway has counted since it started. */
export function gatewayLedger(seen: TrafficSeen): LedgerView | undefined {
  if (!seen.reachable) return undefined
  const sum = (of: (counts: Counts) => number) =>
    Object.values(seen.counts).reduce((total, counts) => total + of(counts), 0)
  return {
    accepted: sum((c) => c.accepted) + seen.refused,
    answered: sum((c) => c.answered),
    lost: sum((c) => c.lost) + seen.refused,
    abandoned: sum((c) => c.abandoned),
    inFlight: sum((c) => c.inFlight),
    errors: sum((c) => c.byClass['5']),
  }
}

export const countText = (n: number): string => n.toLocaleString('en-GB')
const ledgerText = (ledger: LedgerView): string =>
  `${countText(ledger.lost)} of ${countText(ledger.accepted)} requests lost`

/** What became of the requests of a deployment, in words. */
export const requestsText = ({ settings, ledger }: DeploymentState, seen?: TrafficSeen): string =>
  takesRequests(settings) ? ledgerText(ledgerOf(ledger, seen)) : 'it takes no requests'
