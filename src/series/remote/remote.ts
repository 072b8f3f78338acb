import { PlimsollError } from '../../kernel/index.ts'
import { compileMatchers } from '../query/matching.ts'
import { durationText, selectorText, toPromql } from '../query/promql.ts'
import type { Points } from '../series.ts'
import type { Appended, SeriesStore } from '../store.ts'
import { askInstant, askRange, askSamples, type Place, post } from './api.ts'
import { createOrder } from './order.ts'
import { type Group, writeRequest } from './write/request.ts'
import { compress } from './write/snappy.ts'

export type RemoteOptions = Place & {
  readonly kind: 'prometheus' | 'victoria-metrics'
  /** Told when it cannot be written to; the readings wait for the next time. */
  readonly onProblem: (problem: PlimsollError) => void
}

/** So many readings wait while it cannot be written to: an hour of 100 a second. The oldest give way. */
const mostWaiting = 360_000
/** A Prometheus answers with at most 11,000 steps. */
const stepsAtOnce = 10_000

const headers = {
  'content-encoding': 'snappy',
  'content-type': 'application/x-protobuf',
  'x-prometheus-remote-write-version': '0.1.0',
}

const countOf = (groups: readonly Group[]): number =>
  groups.reduce((sum, { readings }) => sum + readings.length, 0)

/** Writes; what it refuses is tried in halves, so that one series takes no other with it. @returns how many it refused */
async function write(place: Place, groups: readonly Group[]): Promise<number> {
  if (groups.length === 0) return 0
  const { status, text } = await post(place, '/api/v1/write', compress(writeRequest(groups)), headers)
  if (status < 300) return 0
  const because = text.trim().slice(0, 200)
  if (status !== 400)
    throw new PlimsollError('PLM_SERIES_UNREACHABLE', `${place.url}: answered ${status}: ${because}`)
  if (groups.length === 1) return countOf(groups)
  const half = groups.length >> 1
  return (await write(place, groups.slice(0, half))) + (await write(place, groups.slice(half)))
}

/**
 * What was said after `from`: the window of Prometheus 2 begins at it. VictoriaMetrics keeps nothing that is no number, and
 * shows the end of a series as one.
 */
function said({ times, values, ...of }: Points, from: number, kind: RemoteOptions['kind']): Points[] {
  const isSaid = (i: number): boolean =>
    (times[i] as number) > from && !(kind === 'victoria-metrics' && Number.isNaN(values[i]))
  const points = {
    ...of,
    times: Float64Array.from(times).filter((_, i) => isSaid(i)),
    values: Float64Array.from(values).filter((_, i) => isSaid(i)),
  }
  return points.times.length > 0 ? [points] : []
}

function joined(parts: readonly (readonly Points[])[]): Points[] {
  const whole = new Map<string, Points>()
  for (const points of parts.flat()) {
    const key = JSON.stringify([points.name, Object.entries(points.labels).sort()])
    const before = whole.get(key)
    const join = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Float64Array.from([...Array.from(a), ...Array.from(b)])
    whole.set(
      key,
      before
        ? { ...points, times: join(before.times, points.times), values: join(before.values, points.values) }
        : points,
    )
  }
  return [...whole.values()]
}

/**
 * Series in a Prometheus, or a VictoriaMetrics, that takes remote writes. Queries are answered there, so what they mean is
 * what they mean there: see docs/decisions/0023-series-store.md for where that differs.
 */
export function remoteSeries({ kind, onProblem, ...place }: RemoteOptions): SeriesStore {
  const inOrder = createOrder()
  let waiting: Group[] = []
  let writing: Promise<unknown> = Promise.resolve()

  function giveWay(): void {
    let tooMany = countOf(waiting) - mostWaiting
    while (tooMany > 0) tooMany -= waiting.shift()?.readings.length ?? tooMany
  }

  /** One request after the other, since each series must be told in order. */
  function send(): Promise<number> {
    const sent = writing.then(async () => {
      const groups = waiting
      waiting = []
      try {
        return await write(place, groups)
      } catch (error) {
        waiting = [...groups, ...waiting]
        giveWay()
        throw error
      }
    })
    writing = sent.catch(() => {})
    return sent
  }

  return {
    async append(readings): Promise<Appended> {
      const { groups, left } = inOrder(readings)
      waiting.push(...groups)
      const count = countOf(groups)
      const refused = await send().catch((error) => {
        if (!(error instanceof PlimsollError)) throw error
        onProblem(error)
        return 0
      })
      return {
        taken: count - Math.min(count, refused),
        ...left,
        outOfOrder: left.outOfOrder + refused,
        beyondLimit: 0,
      }
    },
    async select(matchers, from, to) {
      compileMatchers(matchers)
      const found = await askSamples(place, `${selectorText(matchers)}[${durationText(to - from)}]`, to)
      return found.flatMap((points) => said(points, from, kind))
    },
    instant: (query, at) => askInstant(place, toPromql(query), at),
    async range(query, from, to, stepMs) {
      const parts: (readonly Points[])[] = []
      for (let begin = from; begin <= to; begin += stepsAtOnce * stepMs)
        parts.push(
          await askRange(
            place,
            toPromql(query),
            begin,
            Math.min(to, begin + (stepsAtOnce - 1) * stepMs),
            stepMs,
          ),
        )
      return joined(parts)
    },
    async flush() {
      await send()
    },
    async close() {
      await send()
    },
  }
}
