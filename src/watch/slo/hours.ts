import { type Instant, PlimsollError } from '../../kernel/index.ts'
import type { Points } from '../../series/index.ts'
import { askRange } from '../../series/remote/api.ts'
import { placeAt } from '../access/prometheus.ts'
import { sliOf } from '../plan/slo/sli.ts'
import type { Promised } from './budgets.ts'
import type { Sources } from './history.ts'

const hourMs = 3_600_000
const timeoutMs = 30_000

/** Events of a promise, hour by hour; the first begins at `from`. */
export type EventHours = {
  readonly from: Instant
  readonly total: Float64Array
  readonly bad: Float64Array
  /** 1 where something is known. */
  readonly known: Uint8Array
}

/** What was counted at the end of each hour, put where the hour begins. */
function put([points]: readonly Points[], from: Instant, into: Float64Array, known?: Uint8Array): void {
  points?.times.forEach((time: number, i: number) => {
    const hour = Math.round((time - from) / hourMs) - 1
    const value = points.values[i] ?? Number.NaN
    if (hour < 0 || hour >= into.length || !Number.isFinite(value)) return
    into[hour] = Math.max(0, value)
    if (known) known[hour] = 1
  })
}

async function asked({ store, secrets }: Sources, promised: Promised, first: Instant, last: Instant) {
  const { slo, prometheus } = promised
  const sli = sliOf(slo, promised)
  if (sli.is === 'queries')
    return Promise.all([sli.total, sli.bad].map((of) => store.range(of(hourMs), first, last, hourMs)))
  if (prometheus === undefined)
    throw new PlimsollError('PLM_SERIES_UNREACHABLE', `${slo.name}: no Prometheus is named to ask`)
  const place = await placeAt(prometheus, secrets, timeoutMs)
  return Promise.all([sli.total, sli.bad].map((of) => askRange(place, of(hourMs), first, last, hourMs)))
}

/**
 * So many whole hours, up to the last that is over.
 * @throws PLM_SERIES_UNREACHABLE, PLM_QUERY_INVALID of a Prometheus
 */
export async function hoursOf(
  sources: Sources,
  promised: Promised,
  at: Instant,
  count: number,
): Promise<EventHours> {
  const end = Math.floor(at / hourMs) * hourMs
  const from = end - count * hourMs
  const [all = [], some = []] = await asked(sources, promised, from + hourMs, end)
  const [total, bad] = [new Float64Array(count), new Float64Array(count)]
  const known = new Uint8Array(count)
  put(all, from, total, known)
  put(some, from, bad)
  return { from, total, known, bad: bad.map((value, i) => Math.min(value, total[i] as number)) }
}
