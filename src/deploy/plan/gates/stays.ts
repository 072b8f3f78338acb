import type { Before, Digest } from '../../../kernel/index.ts'
import type { LaneState } from '../lane-state.ts'

/** When a release ran in an environment: each stay ends when another release went live. */
export function staysIn({ live, before }: LaneState, release: Digest): Before['stays'] {
  const all = [...(live ? [live] : []), ...before]
  return all.flatMap((stay, i) => {
    const next = all[i - 1]
    if (stay.release !== release) return []
    return [{ since: stay.since, ...(next ? { until: next.since } : {}) }]
  })
}
