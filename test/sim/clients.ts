import type { Counts, FleetId } from '../../src/fleet/index.ts'
import type { TrafficOrder } from '../../src/flow/world.ts'
import type { Instant } from '../../src/kernel/index.ts'

/** Clients of an environment: so many requests a second, of which each fleet fails some. */
export type Clients = {
  readonly perSecond: number
  readonly failing: (fleet: FleetId) => number
  /** So many of its payments a fleet declines, with 200. */
  readonly declining?: (fleet: FleetId) => number
}

export const noClients: Clients = { perSecond: 0, failing: () => 0 }

const latencyMs = 10

const countsOf = (requests: number, failures: number): Counts => ({
  accepted: requests,
  answered: requests,
  byClass: { '1': 0, '2': requests - failures, '3': 0, '4': 0, '5': failures },
  lost: 0,
  abandoned: 0,
  retried: 0,
  failedClients: failures,
  inFlight: 0,
  latency: { upperMs: [latencyMs], counts: [requests] },
})

/** Counts by time alone, without chance: exactly the share that the weights ask for, and exactly as many failures. */
export function simulateClients({ perSecond, failing, declining = () => 0 }: Clients) {
  const sent = new Map<FleetId, number>()
  let at: Instant | undefined

  /** All that was counted until now, under the table that has been served since the last call. */
  function countOn({ fleets }: TrafficOrder, now: Instant): Record<FleetId, Counts> {
    const whole = fleets.reduce((sum, { weight }) => sum + weight, 0)
    const requests = (perSecond * (now - (at ?? now))) / 1_000
    at = now
    for (const { fleet, weight } of fleets)
      sent.set(fleet, (sent.get(fleet) ?? 0) + (whole > 0 ? (requests * weight) / whole : 0))
    return Object.fromEntries(
      [...sent].map(([fleet, all]) => [fleet, countsOf(Math.floor(all), Math.floor(all * failing(fleet)))]),
    )
  }
  /** What one of `size` instances tells of the payments that it has answered. */
  function metricsOf(fleet: FleetId, size: number): string {
    const payments = (sent.get(fleet) ?? 0) / size
    const declined = Math.floor(payments * declining(fleet))
    return `payments_total ${Math.floor(payments)}\npayments_declined_total ${declined}\n`
  }
  return { countOn, metricsOf }
}
