import { seededRandom } from '../../src/kernel/index.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Requests that grow evenly, and are fewer at night and at weekends: made up, so that it is known when they reach a line. */
export type Growth = {
  /** One series, as VictoriaMetrics exports them. */
  readonly history: string
  /** The first day (UTC) whose busiest hour reaches a line, as it goes on. */
  reaches(ratePerSecond: number): number
}

const perDay = 0.005
const stepMs = 300_000
const mostDays = 400

const isWeekend = (at: number): boolean => [0, 6].includes(new Date(at).getUTCDay())

/** Of the busiest hour; each hour is even in itself. */
const shapeAt = (at: number): number =>
  (0.55 + 0.45 * Math.cos((2 * Math.PI * (Math.floor((at % dayMs) / hourMs) - 13)) / 24)) *
  (isWeekend(at) ? 0.6 : 1)

/**
 * @param until the last number is of this time
 * @param peak requests a second in the busiest hour of a weekday at that time
 * @param labels of the series, which tell it from what is known already
 */
export function growingRequests(
  { until, weeks, peak }: { readonly until: number; readonly weeks: number; readonly peak: number },
  labels: Readonly<Record<string, string>> = {},
): Growth {
  const length = (weeks * 7 * dayMs) / stepMs
  const random = seededRandom(7)
  const noise = Array.from({ length: weeks * 7 + mostDays }, () => 1 + 0.04 * (random.next() - 0.5))
  const dayOf = (at: number): number => Math.floor((at - until) / dayMs) + weeks * 7
  const grown = (at: number): number => peak * Math.exp((perDay * (at - until)) / dayMs)
  const rateIn = (hour: number): number => grown(hour) * shapeAt(hour) * (noise[dayOf(hour)] ?? 1)
  const timestamps = Array.from({ length }, (_, i) => until - (length - 1 - i) * stepMs)
  let count = 0
  const values = timestamps.map((at) => {
    // What is counted at a time came in the five minutes before.
    const hour = Math.floor((at - 1) / hourMs) * hourMs
    count += (stepMs / 1_000) * rateIn(hour)
    return Math.round(count)
  })
  const metric = { __name__: 'plimsoll_gateway_requests_total', outcome: 'ok', ...labels }
  return {
    history: `${JSON.stringify({ metric, values, timestamps })}\n`,
    reaches(ratePerSecond) {
      let day = Math.floor(until / dayMs) * dayMs
      while (dayOf(day) < noise.length && rateIn(day + 13 * hourMs) < ratePerSecond) day += dayMs
      return day
    },
  }
}
