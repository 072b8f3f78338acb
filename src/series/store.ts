import type { Instant } from '../kernel/index.ts'
import type { Query } from './query/query.ts'
import type { Labels, Matcher, Points, Reading } from './series.ts'

/** What became of readings. One that was left out keeps no other from being taken. */
export type Appended = {
  readonly taken: number
  /** Older than the newest of their series. */
  readonly outOfOrder: number
  /** Another value at a time that the series has a value of already. The same value again is taken for said once. */
  readonly duplicate: number
  /** Of new series when there were as many as there may be. */
  readonly beyondLimit: number
}

/** One number of an answer. A name that the query has kept stands among the labels as `__name__`. */
export type Answer = { readonly labels: Labels; readonly value: number }

/**
 * Series of numbers over time. Queries mean what they mean in Prometheus 3: a value is that of the last five minutes, unless
 * its series has ended; a window of 5 minutes at 12:05 has what was after 12:00 and until 12:05.
 */
export interface SeriesStore {
  /** Takes readings, of each series oldest first. That a series has ended is told by the value `staleMarker`. */
  append(readings: readonly Reading[]): Promise<Appended>
  /** Everything as it was said after `from` and until `to`, without the markers of series that have ended. */
  select(matchers: readonly Matcher[], from: Instant, to: Instant): Promise<readonly Points[]>
  /** @throws PLM_QUERY_INVALID when the query cannot be answered */
  instant(query: Query, at: Instant): Promise<readonly Answer[]>
  /** The answers at `from`, `from + stepMs` and so on until `to`. @throws PLM_QUERY_INVALID as `instant` does */
  range(query: Query, from: Instant, to: Instant, stepMs: number): Promise<readonly Points[]>
  /** Resolves when what was appended survives the end of this process. */
  flush(): Promise<void>
  close(): Promise<void>
}
