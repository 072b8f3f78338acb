import {
  type Counts,
  durationMetric,
  ejectedMetric,
  ejectionsMetric,
  logDroppedMetric,
  type RouteCounts,
  requestsMetric,
  routeDurationMetric,
  routeRequestsMetric,
  type TrafficSeen,
} from '../../../fleet/index.ts'
import { formatDuration, type Instant } from '../../../kernel/index.ts'
import type { Labels, Reading } from '../../../series/index.ts'
import { bucketsOf, edgesWith } from './buckets.ts'
import { labelsOf, type Watched } from './watched.ts'

/** What became of requests, in the words of the label `outcome`. */
export const outcomes = ['ok', 'client_error', 'server_error', 'lost', 'abandoned'] as const
export type Outcome = (typeof outcomes)[number]

const outcomesOf = ({
  byClass,
  lost,
  abandoned,
}: Pick<Counts, 'byClass' | 'lost' | 'abandoned'>): Readonly<Record<Outcome, number>> => ({
  ok: byClass['1'] + byClass['2'] + byClass['3'],
  client_error: byClass['4'],
  server_error: byClass['5'],
  lost,
  abandoned,
})

/** How an edge is written: `0.25`, `10`. */
const edgeText = (seconds: number): string => String(Number(seconds.toPrecision(12)))

function readingsOfFleet(counts: Counts, labels: Labels, edges: readonly number[], at: Instant): Reading[] {
  const { upTo, count, sumSeconds } = bucketsOf(counts.latency, edges)
  const reading = (name: string, value: number, more: Labels = {}): Reading => ({
    name,
    labels: { ...labels, ...more },
    at,
    value,
  })
  return [
    ...Object.entries(outcomesOf(counts)).map(([outcome, value]) =>
      reading(requestsMetric, value, { outcome }),
    ),
    ...upTo.map(([edge, value]) => reading(`${durationMetric}_bucket`, value, { le: edgeText(edge) })),
    reading(`${durationMetric}_bucket`, count, { le: '+Inf' }),
    reading(`${durationMetric}_count`, count),
    reading(`${durationMetric}_sum`, sumSeconds),
  ]
}

/** How instances of a fleet were ejected; nothing where none was. */
function readingsOfEjections(
  { upstreams }: TrafficSeen,
  fleet: string,
  labels: Labels,
  at: Instant,
): Reading[] {
  const own = upstreams.filter((upstream) => upstream.fleet === fleet && (upstream.ejections ?? 0) > 0)
  if (own.length === 0) return []
  const ejected = own.filter(({ ejectedForMs }) => ejectedForMs !== undefined).length
  const ejections = own.reduce((sum, { ejections: times = 0 }) => sum + times, 0)
  return [
    { name: ejectedMetric, labels, at, value: ejected },
    { name: ejectionsMetric, labels, at, value: ejections },
  ]
}

/** What somebody should know of a gateway, each in a sentence. */
export function gatewayProblems({ upstreams, accessLog }: TrafficSeen): readonly string[] {
  const ejected = upstreams
    .filter(({ serving, ejectedForMs }) => serving && ejectedForMs !== undefined)
    .map(({ instance, ejectedForMs = 0 }) => {
      const left = formatDuration(ejectedForMs)
      return `instance ${instance} gets no requests for ${left} more: it failed several in a row, though its health check is well`
    })
  const { because } = accessLog ?? {}
  return because === undefined ? ejected : [...ejected, `the access log cannot be written: ${because}`]
}

/** What a look at a gateway was like, to be compared with the next one. */
export type TrafficBefore = {
  readonly at: Instant
  /** The line of gateways that count as one, and the process whose latencies they are. */
  readonly generation: string
  readonly since: Instant | undefined
  /** How many requests had ended in each fleet; '' is nobody's. */
  readonly ended: Readonly<Record<string, number>>
  /** Of which routes something was told, by fleet. */
  readonly routes?: Readonly<Record<string, readonly string[]>>
}

function isNewRoute({ labels }: Reading, { routes }: TrafficBefore): boolean {
  const { http_route: route, plimsoll_fleet: fleet = '' } = labels
  return route !== undefined && !routes?.[fleet]?.includes(route)
}

/** Of one route of a fleet: as the same figures of all of them, under names of their own, so that sums stay right. */
function readingsOfRoute(counts: RouteCounts, labels: Labels, at: Instant): Reading[] {
  const own = { ...labels, http_route: counts.route }
  const reading = (name: string, value: number, more: Labels = {}): Reading => ({
    name,
    labels: { ...own, ...more },
    at,
    value,
  })
  const { upperMs, counts: perBucket } = counts.latency
  let below = 0
  const buckets = upperMs.map((edgeMs, i) => {
    below += perBucket[i] ?? 0
    return reading(`${routeDurationMetric}_bucket`, below, { le: edgeText(edgeMs / 1_000) })
  })
  const count = below + (perBucket[upperMs.length] ?? 0)
  return [
    ...Object.entries(outcomesOf(counts)).map(([outcome, value]) =>
      reading(routeRequestsMetric, value, { outcome }),
    ),
    ...buckets,
    reading(`${routeDurationMetric}_bucket`, count, { le: '+Inf' }),
    reading(`${routeDurationMetric}_count`, count),
    reading(`${routeDurationMetric}_sum`, counts.sumMs / 1_000),
  ]
}

/** Counted anew by each process. */
const isOfProcess = ({ name, labels }: Reading): boolean =>
  name.startsWith(durationMetric) || labels.http_route !== undefined

/**
 * What began to count at zero since the last look: of a fleet that is new, everything; of a gateway process that is new,
 * latencies. Without that zero, what was counted before it was first looked at would be nobody's increase.
 */
function beginnings(readings: readonly Reading[], seen: TrafficSeen, before: TrafficBefore): Reading[] {
  const known = new Set(seen.generation === before.generation ? Object.keys(before.ended) : [])
  const isNewProcess = seen.latencySince !== before.since
  const began = readings.filter(
    (one) =>
      !known.has(one.labels.plimsoll_fleet ?? '') ||
      (isNewProcess && isOfProcess(one)) ||
      isNewRoute(one, before),
  )
  return began.map((one) => ({ ...one, at: before.at + 1, value: 0 }))
}

const endedIn = ({ answered, lost, abandoned }: Counts): number => answered + lost + abandoned

/**
 * Fleets that have something to tell: a gateway remembers those that are long gone. One that leaves is told of until
 * nothing is in flight in it any more.
 */
function fleetsToTell(seen: TrafficSeen, before: TrafficBefore | undefined): (readonly [string, Counts])[] {
  const serving = new Set(seen.upstreams.map(({ fleet }) => fleet))
  return Object.entries(seen.counts).filter(
    ([fleet, counts]) =>
      serving.has(fleet) ||
      counts.inFlight > 0 ||
      (before !== undefined && before.ended[fleet] !== undefined && before.ended[fleet] !== endedIn(counts)),
  )
}

const routesTold = (routes: NonNullable<TrafficSeen['routes']>) =>
  Object.fromEntries(
    Object.entries(routes).map(([fleet, all]) => [fleet, all.map(({ route }) => route)] as const),
  )

/**
 * What a gateway has counted, as readings.
 * @param versions short name of the release that each fleet runs
 * @param before the last look at the same gateway; undefined before the first
 */
export function trafficReadings(
  watched: Pick<Watched, 'service' | 'environment' | 'belowMs'>,
  seen: TrafficSeen,
  versions: Readonly<Record<string, string>>,
  at: Instant,
  before?: TrafficBefore,
): { readonly readings: readonly Reading[]; readonly seen: TrafficBefore | undefined } {
  if (!seen.reachable) return { readings: [], seen: before }
  const edges = edgesWith(watched.belowMs)
  const byFleet = fleetsToTell(seen, before).flatMap(([fleet, counts]) => {
    const labels = labelsOf(watched, { service_version: versions[fleet], plimsoll_fleet: fleet })
    return [
      ...readingsOfFleet(counts, labels, edges, at),
      ...readingsOfEjections(seen, fleet, labels, at),
      ...(seen.routes?.[fleet] ?? []).flatMap((route) => readingsOfRoute(route, labels, at)),
    ]
  })
  // Nobody could take them: they were lost all the same, by no fleet in particular.
  const refused = {
    name: requestsMetric,
    labels: labelsOf(watched, { outcome: 'lost' }),
    at,
    value: seen.refused,
  }
  const log = seen.accessLog
    ? [{ name: logDroppedMetric, labels: labelsOf(watched), at, value: seen.accessLog.dropped }]
    : []
  const readings = [...byFleet, refused, ...log]
  return {
    readings: before ? [...beginnings(readings, seen, before), ...readings] : readings,
    seen: {
      at,
      ...(seen.routes ? { routes: routesTold(seen.routes) } : {}),
      generation: seen.generation,
      since: seen.latencySince,
      ended: {
        '': seen.refused,
        ...Object.fromEntries(Object.entries(seen.counts).map(([fleet, counts]) => [fleet, endedIn(counts)])),
      },
    },
  }
}
