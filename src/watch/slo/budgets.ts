import { type Instant, PlimsollError } from '../../kernel/index.ts'
import type { SeriesStore } from '../../series/index.ts'
import type { WindowCounts } from '../plan/slo/counts.ts'
import { sliOf } from '../plan/slo/sli.ts'
import type { SloConfig } from '../slo-config.ts'
import { type Counted, countAt, countIn } from './counting.ts'

/** What a service promises somewhere. */
export type Promised = {
  readonly service: string
  readonly environment: string
  readonly slo: SloConfig
  /** Where the series of the team are: only `slo.promql` is asked of it. */
  readonly prometheus?: string | undefined
}

/** What is known of promises. */
export interface Budgets {
  /**
   * What the windows of an SLO count at a moment; of long ones, what they did a few minutes ago, unless it is to be exact.
   * @throws PlimsollError when whoever knows does not answer
   */
  countsOf(promised: Promised, at: Instant, isExact?: boolean): Promise<WindowCounts>
  /** Makes what was counted outlive the server. Throws when it cannot be. */
  keep(): Promise<void>
}

/** As many as a large team promises; older ones are counted afresh. */
const mostKept = 1_000

export function createBudgets(store: SeriesStore): Budgets {
  const known = new Map<string, Counted>()
  function countedOf(promised: Promised): Counted {
    const key = JSON.stringify(promised)
    const counted: Counted = known.get(key) ?? new Map()
    known.delete(key)
    known.set(key, counted)
    const [oldest] = known.keys()
    if (known.size > mostKept && oldest !== undefined) known.delete(oldest)
    return counted
  }
  return {
    keep: () => store.flush(),
    async countsOf(promised, at, isExact = false) {
      const { slo, prometheus } = promised
      const sli = sliOf(slo, promised)
      const counted = isExact ? new Map() : countedOf(promised)
      if (sli.is === 'queries') return countIn(store, slo, sli, at, counted)
      if (prometheus === undefined)
        throw new PlimsollError('PLM_SERIES_UNREACHABLE', `${slo.name}: no Prometheus is named to ask`)
      return countAt(prometheus, slo, sli, at, counted)
    },
  }
}
