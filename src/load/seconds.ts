import { quantileOf } from '../kernel/index.ts'
import type { Second } from './engine/engine.ts'
import { wholeOf } from './engine/merge.ts'
import type { LoadResult } from './result.ts'

type SecondRow = LoadResult['seconds'][number]

/** A second as it is shown; quantiles within 1 %, of what ended in it. */
export function rowOf({ second, parts }: Second): SecondRow {
  const { counts, response } = wholeOf(parts)
  const at = (share: number) => quantileOf(response, share) ?? null
  const { scheduled, answered, errors } = counts
  return {
    atMs: second * 1_000,
    scheduled,
    answered,
    errors,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    maxMs: at(1),
  }
}

/** Whether a second is shown: it is no part of the warm-up, and not the moment after the load in which nothing came. */
export const isShown = ({ atMs, scheduled, answered, errors }: SecondRow, lengthMs: number): boolean =>
  atMs >= 0 && (lengthMs > 0 || scheduled + answered + errors > 0)
