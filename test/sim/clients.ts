import type { Counts, FleetId, SideCounts, SqueezeSeen } from '../../src/fleet/index.ts'
import type { TrafficOrder } from '../../src/flow/world.ts'
import type { Instant } from '../../src/kernel/index.ts'

/** Clients of an environment: so many requests a second, of which each fleet fails some. */
export type Clients = {
  readonly perSecond: number
  readonly failing: (fleet: FleetId) => number
  /** So many of its payments a fleet declines, with 200. */
  readonly declining?: (fleet: FleetId) => number
  /** So many requests a second one instance carries, squeezed: what is beyond takes too long. */
  readonly oneCarries?: number
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

const slowMs = 5_000

function sideOf(requests: number, slow: number): SideCounts {
  const [all, late] = [Math.floor(requests), Math.floor(slow)]
  const { failedClients: _, inFlight: __, retried: ___, ...counts } = countsOf(all, 0)
  return { ...counts, latency: { upperMs: [latencyMs, slowMs], counts: [all - late, late] } }
}

/** Counts by time alone, without chance: exactly the share that the weights ask for, and exactly as many failures. */
export function simulateClients({ perSecond, failing, declining = () => 0, oneCarries = Infinity }: Clients) {
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
  /** What became of both sides since a table began to squeeze, exactly as asked for. */
  function squeezedIn(
    { squeeze, revision }: TrafficOrder,
    takenAt: Instant,
    now: Instant,
  ): SqueezeSeen | undefined {
    if (!squeeze) return undefined
    const { instance, share, until } = squeeze
    const seconds = (Math.min(now, until) - takenAt) / 1_000
    const slow = Math.max(0, perSecond * share - oneCarries)
    return {
      ...{ instance, share, revision, inForce: now < until },
      squeezed: sideOf(perSecond * share * seconds, slow * seconds),
      others: sideOf(perSecond * (1 - share) * seconds, 0),
    }
  }
  /** What one of `size` instances tells of the payments that it has answered. */
  function metricsOf(fleet: FleetId, size: number): string {
    const payments = (sent.get(fleet) ?? 0) / size
    const declined = Math.floor(payments * declining(fleet))
    return `payments_total ${Math.floor(payments)}\npayments_declined_total ${declined}\n`
  }
  return { countOn, metricsOf, squeezedIn }
}
