/** What is known of a stretch of time: events, those of them that were bad, and of what share of it anything is known. */
export type Counts = { readonly bad: number; readonly total: number; readonly coverage: number }

/** Length in milliseconds → what is known of the time from then until now. */
export type WindowCounts = (lengthMs: number) => Counts

/** How an objective is judged. */
export type Objective = {
  readonly objective: number
  /** Milliseconds over which it is promised. */
  readonly window: number
  readonly lowTraffic: { readonly bad: number; readonly chance: number; readonly coverage: number }
}

/** How many times as fast as evenly the budget burns; 0 where nothing happened. */
export const burnOf = ({ bad, total }: Pick<Counts, 'bad' | 'total'>, { objective }: Objective): number =>
  total > 0 ? bad / total / (1 - objective) : 0
