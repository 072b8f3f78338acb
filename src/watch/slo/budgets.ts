import { type Instant, PlimsollError } from '../../kernel/index.ts'
import type { SeriesStore } from '../../series/index.ts'
import type { PrometheusPlace } from '../access/config.ts'
import type { Secrets } from '../access/let-in.ts'
import { placeAt } from '../access/prometheus.ts'
import type { WindowCounts } from '../plan/slo/counts.ts'
import { eventsOf, sliOf } from '../plan/slo/sli.ts'
import type { SloConfig } from '../slo-config.ts'
import { type Counted, countAt, countIn } from './counting.ts'
import { type Following, followEvents } from './following.ts'
import { type EventHours, hoursOf } from './hours.ts'
import { type Range, type ReplayedPromise, replayPromise } from './replaying.ts'

/** What a service promises somewhere. */
export type Promised = {
  readonly service: string
  readonly environment: string
  readonly slo: SloConfig
  /** Where the series of the team are: only `slo.promql` is asked of it. */
  readonly prometheus?: PrometheusPlace | undefined
}

/** What is known of promises. */
export interface Budgets {
  /**
   * What the windows of an SLO count at a moment; of long ones, what they did a few minutes ago, unless it is to be exact.
   * @throws PlimsollError when whoever knows does not answer
   */
  countsOf(promised: Promised, at: Instant, isExact?: boolean): Promise<WindowCounts>
  /**
   * What a promise would have told of, had it held in a range of the past.
   * @throws PlimsollError when whoever knows does not answer
   */
  replayOf(promised: Promised, range: Range): Promise<ReplayedPromise>
  /**
   * So many whole hours of events, up to the last that is over.
   * @throws PlimsollError when whoever knows does not answer
   */
  hoursOf(promised: Promised, at: Instant, count: number): Promise<EventHours>
  /** Counts everything of an environment anew: its past has changed. */
  recount(service: string, environment: string): void
  /** Makes what was counted outlive the server. Throws when it cannot be. */
  keep(): Promise<void>
}

/** As many as a large team promises; older ones are counted afresh. */
const mostKept = 1_000

/** What was made for each promise, the least lately wanted forgotten. */
function createKept<T>() {
  const known = new Map<string, { readonly of: Promised; readonly one: T }>()
  return {
    get(of: Promised, make: () => T): T {
      const key = JSON.stringify(of)
      const kept = known.get(key) ?? { of, one: make() }
      known.delete(key)
      known.set(key, kept)
      const [oldest] = known.keys()
      if (known.size > mostKept && oldest !== undefined) known.delete(oldest)
      return kept.one
    },
    forget(is: (of: Promised) => boolean): void {
      for (const [key, { of }] of known) if (is(of)) known.delete(key)
    },
  }
}

/** Where only a Prometheus can answer, one that does not is given up soon: the next look asks again. */
const timeoutMs = 10_000

/** @param secrets with which the team's Prometheus is asked, where it does not answer everybody */
export function createBudgets(store: SeriesStore, secrets: Secrets = async () => ({})): Budgets {
  const followed = createKept<Following>()
  const counted = createKept<Counted>()
  let made = 0
  return {
    keep: () => store.flush(),
    recount(service, environment) {
      const isThere = (of: Promised) => of.service === service && of.environment === environment
      followed.forget(isThere)
      counted.forget(isThere)
    },
    hoursOf: (promised, at, count) => hoursOf({ store, secrets }, promised, at, count),
    replayOf: (promised, range) => replayPromise({ store, secrets }, promised, range),
    async countsOf(promised, at, isExact = false) {
      const { slo, prometheus } = promised
      const sli = sliOf(slo, promised)
      if (sli.is === 'queries') {
        const events = eventsOf(slo, promised)
        if (isExact || !events) return countIn(store, slo, sli, at)
        return followed.get(promised, () =>
          followEvents(store, { events, periodMs: slo.window, number: made++ }),
        )(at)
      }
      if (prometheus === undefined)
        throw new PlimsollError('PLM_SERIES_UNREACHABLE', `${slo.name}: no Prometheus is named to ask`)
      const place = await placeAt(prometheus, secrets, timeoutMs)
      return countAt(place, slo, sli, at, isExact ? new Map() : counted.get(promised, () => new Map()))
    },
  }
}
