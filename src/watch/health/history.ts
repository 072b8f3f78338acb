import type { Instant } from '../../kernel/index.ts'
import type { Points, Query, SeriesStore } from '../../series/index.ts'
import { errorsQuery, latencyQuery, rateQuery, type Scope } from './plan/questions.ts'

export type Line = { readonly name: string; readonly values: readonly (number | null)[] }

/** How an environment was, by release; each line has a value, or null, for each of the times. */
export type History = {
  readonly times: readonly Instant[]
  readonly rate: readonly Line[]
  readonly errors: readonly Line[]
  readonly p95: readonly Line[]
}

/** So many looks make a rate. */
const looksInWindow = 4
/** More than a plot can show. */
const mostSteps = 240

function lineOf({ labels, times, values }: Points, wanted: readonly Instant[]): Line {
  const known = new Map([...times].map((at, i) => [at, values[i] ?? Number.NaN] as const))
  return {
    name: labels.service_version ?? '',
    values: wanted.map((at) => {
      const value = known.get(at)
      return value === undefined || !Number.isFinite(value) ? null : value
    }),
  }
}

/** Requests that nobody could take are no release's: worth a line only where there were any. */
const isWorthIt = ({ name, values }: Line): boolean =>
  values.some((value) => value !== null && (name !== '' || value > 0))

/** Lines of which nothing is known are none. */
const linesOf = (points: readonly Points[], times: readonly Instant[]): readonly Line[] =>
  points
    .map((one) => lineOf(one, times))
    .filter(isWorthIt)
    .sort((a, b) => (a.name < b.name ? -1 : 1))

/**
 * The last so many minutes of an environment.
 * @param intervalMs how often it is looked at
 */
export async function historyOf(
  store: SeriesStore,
  scope: Required<Scope>,
  to: Instant,
  spanMs: number,
  intervalMs: number,
): Promise<History> {
  const stepMs = Math.max(intervalMs, Math.ceil(spanMs / mostSteps / 1_000) * 1_000)
  // On a grid, so that a plot does not tremble when it is drawn again.
  const end = Math.floor(to / stepMs) * stepMs
  const from = end - Math.floor(spanMs / stepMs) * stepMs
  const times = Array.from({ length: (end - from) / stepMs + 1 }, (_, i) => from + i * stepMs)
  const windowMs = Math.max(looksInWindow * intervalMs, stepMs)
  const ask = async (query: Query) => linesOf(await store.range(query, from, end, stepMs), times)
  const [rate, errors, p95] = await Promise.all([
    ask(rateQuery(scope, windowMs)),
    ask(errorsQuery(scope, windowMs)),
    ask(latencyQuery(scope, 0.95, windowMs)),
  ])
  return { times, rate, errors, p95 }
}
