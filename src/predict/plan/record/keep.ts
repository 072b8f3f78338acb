import type { Forecast, History, levels } from '../../../forecast/index.ts'
import type { Instant } from '../../../kernel/index.ts'
import { aheadMs, type ForetoldState, type Hours, hourMs, type KeptForecast, settledMs } from './state.ts'

const weekSteps = (7 * 24 * hourMs) / hourMs

/** Four digits: more than a forecast knows, and half of what a number takes otherwise. */
const short = (value: number): number => Number(value.toPrecision(4))
const shortOrNull = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : short(value)

/**
 * What is kept of a forecast, beside what seasonal naive says at the same moment.
 * @param history in hours, that the forecast goes on from
 */
export function keptForecast(history: History, said: Forecast, madeAt: Instant): KeptForecast | undefined {
  const [from] = said.at
  if (said.stepMs !== hourMs || from === undefined) return undefined
  const most = aheadMs / hourMs
  const cut = (values: readonly number[]) => values.slice(0, most).map(short)
  const first = Math.round((from - history.from) / hourMs)
  const band = (level: (typeof levels)[number]) => ({
    lower: cut(said.bands[level].lower),
    upper: cut(said.bands[level].upper),
  })
  return {
    madeAt,
    from,
    median: cut(said.median),
    bands: { 50: band(50), 80: band(80), 95: band(95) },
    naive: said.median.slice(0, most).map((_, i) => shortOrNull(history.values[first + i - weekSteps])),
  }
}

/** The hours of a history between two times. */
export function hoursBetween(history: History, from: Instant, to: Instant): Hours {
  const first = Math.round((from - history.from) / hourMs)
  const count = Math.max(0, Math.round((to - from) / hourMs))
  return { from, values: Array.from({ length: count }, (_, i) => shortOrNull(history.values[first + i])) }
}

/** The hours that have come, of those that were forecast and not compared yet. */
export function hoursWanted(
  { open }: Pick<ForetoldState, 'open'>,
  now: Instant,
): { readonly from: Instant; readonly to: Instant } {
  const end = Math.floor((now - settledMs) / hourMs) * hourMs
  const from = Math.min(end, ...open.map((one) => one.from))
  const to = Math.min(end, Math.max(from, ...open.map((one) => one.from + one.median.length * hourMs)))
  return { from, to }
}
