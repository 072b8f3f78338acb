import {
  createHistogram,
  type HistogramCounts,
  meanOf,
  quantileOf,
  type Random,
  seededRandom,
  totalOf,
} from '../../../kernel/index.ts'
import type { Durations, LoadCounts, LoadResult } from '../../result.ts'
import type { LoadLineView } from '../load-line.ts'

/** One scheduled request of the simulation, in milliseconds from the start. */
type Sent = { readonly intendedMs: number; readonly sentMs: number; readonly endedMs: number }

const none: HistogramCounts = { upperMs: [], counts: [] }
const noCounts: LoadCounts = {
  scheduled: 0,
  sent: 0,
  answered: 0,
  failed: 0,
  timedOut: 0,
  unsent: 0,
  errors: 0,
}

function durationsOf(histogram: HistogramCounts): Durations {
  const at = (share: number) => quantileOf(histogram, share) ?? null
  return {
    count: totalOf(histogram),
    meanMs: meanOf(histogram) ?? null,
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    p999Ms: at(0.999),
    maxMs: at(1),
    histogram: { upperMs: [...histogram.upperMs], counts: [...histogram.counts] },
  }
}

function measure(sent: readonly Sent[], durationMs: (one: Sent) => number): HistogramCounts {
  const histogram = createHistogram('fine')
  for (const one of sent) histogram.record(durationMs(one))
  return histogram.counts()
}

const responseMs = (one: Sent) => one.endedMs - one.intendedMs

/** Serves at once, in 2 ms to 40 ms; not at all from 14 s to 15 s, after which all that waited are served in order. */
function simulate(random: Random, perSecond: number, durationMs: number, stallAtMs: number): Sent[] {
  const sent: Sent[] = []
  for (let at = 0; ; ) {
    at += (-Math.log(1 - random.next()) / perSecond) * 1_000
    if (at >= durationMs) return sent
    const tookMs =
      2 + 1.5 * -Math.log(1 - random.next()) + (random.next() < 0.1 ? 15 + 20 * random.next() : 0)
    const stalled = at >= stallAtMs && at < stallAtMs + 1_000
    const beganMs = stalled ? stallAtMs + 1_000 + (at - stallAtMs) / 10 : at
    const lagMs = 0.05 + 0.1 * random.next()
    sent.push({ intendedMs: at, sentMs: at + lagMs, endedMs: beganMs + lagMs + tookMs })
  }
}

function secondsOf(sent: readonly Sent[], durationMs: number): LoadResult['seconds'] {
  return Array.from({ length: durationMs / 1_000 }, (_, i) => {
    const within = (ms: number) => Math.floor(ms / 1_000) === i
    const ended = sent.filter((one) => within(one.endedMs))
    const { p50Ms, p95Ms, p99Ms, maxMs } = durationsOf(measure(ended, responseMs))
    return {
      atMs: i * 1_000,
      scheduled: sent.filter((one) => within(one.intendedMs)).length,
      answered: ended.length,
      errors: i === 15 ? 6 : 0,
      p50Ms,
      p95Ms,
      p99Ms,
      maxMs,
    }
  })
}

/** Every fourth is an order, the others look at the list: as a scenario with two requests. */
function requestsOf(sent: readonly Sent[], errors: number): LoadResult['requests'] {
  return ['GET /orders', 'POST /orders'].map((name, which) => {
    const own = sent.filter((_, i) => (i % 4 === 3) === (which === 1))
    const counts = { ...noCounts, scheduled: own.length, sent: own.length, answered: own.length }
    const bad = which === 1 ? errors : 0
    return {
      name,
      counts: { ...counts, answered: own.length - bad, timedOut: bad, errors: bad },
      response: durationsOf(measure(own, responseMs)),
    }
  })
}

/** 30 seconds at 200 requests per second against a service that stands still from 14 s to 15 s. */
export function stalledRun(): LoadResult {
  const durationMs = 30_000
  const sent = simulate(seededRandom(3), 200, durationMs, 14_000)
  const counts = { ...noCounts, scheduled: sent.length + 4, sent: sent.length, unsent: 4, errors: 14 }
  const response = durationsOf(measure(sent, responseMs))
  return {
    schemaVersion: 1,
    kind: 'load',
    verdict: 'fail',
    reasons: [
      {
        text: 'p99 of the response time was above 250 ms',
        next: 'look at what the service did from 14 s to 15 s: a long garbage collection, a lock, or a full pool of connections',
      },
    ],
    thresholds: [
      { text: 'p99<250ms', is: 'missed', value: response.p99Ms },
      { text: 'p50<20ms', is: 'met', value: response.p50Ms },
      { text: 'errors<1%', is: 'met', value: 14 / counts.scheduled },
      { text: 'p95{DELETE /orders}<1s', is: 'unknown', value: null },
    ],
    target: 'http://127.0.0.1:8080/orders',
    startedAt: Date.UTC(2026, 2, 12, 9, 41, 7),
    warmUpMs: 5_000,
    durationMs,
    profile: {
      model: 'open',
      arrivals: 'poisson',
      stages: [{ fromPerSecond: 200, toPerSecond: 200, durationMs }],
    },
    counts: { ...counts, answered: sent.length - 6, failed: 2, timedOut: 4 },
    warmUp: { sent: 998, answered: 998 },
    answeredPerSecond: (sent.length - 6) / (durationMs / 1_000),
    statuses: { '200': sent.length - 1_500, '201': 1_490, '503': 4 },
    failures: [
      { because: 'no answer within 2 s', count: 4 },
      { because: 'the connection was reset (ECONNRESET)', count: 2 },
    ],
    checks: [
      { name: 'the status is 2xx', passed: sent.length - 10, failed: 4 },
      { name: 'the list has orders', passed: 4_480, failed: 0 },
    ],
    users: { passed: 5_930, failed: 3, unfinished: 1 },
    scenarioErrors: [
      {
        because: "TypeError: Cannot read properties of undefined (reading 'id') at orders.load.ts:14:28",
        count: 3,
      },
    ],
    response,
    service: durationsOf(
      measure(
        sent.filter(({ intendedMs }) => intendedMs < 14_000 || intendedMs > 14_990),
        (one) => one.endedMs - one.sentMs,
      ),
    ),
    sendLag: durationsOf(measure(sent, (one) => one.sentMs - one.intendedMs)),
    requests: requestsOf(sent, 3),
    seconds: secondsOf(sent, durationMs),
    bytes: { sent: 812_344, received: 9_481_250 },
    generator: {
      is: 'sound',
      reasons: [],
      workers: 2,
      mostConnections: 214,
      busyShare: 0.083,
      gcShare: 0.004,
      longestGcMs: 1.9,
      outOfSockets: 0,
      cpuMicrosPerRequest: 41.3,
    },
  }
}

/** Nothing listened there. */
export function unansweredRun(): LoadResult {
  const run = stalledRun()
  const counts = { ...noCounts, scheduled: 500, sent: 500, failed: 500, errors: 500 }
  const nothing = durationsOf(none)
  return {
    ...run,
    verdict: 'inconclusive',
    reasons: [{ text: 'nothing was answered', next: 'start the service, or correct the address' }],
    thresholds: [{ text: 'p99<250ms', is: 'unknown', value: null }],
    durationMs: 5_000,
    stoppedEarly: 'no request was answered in the first 5 s',
    profile: { model: 'closed', users: 50, thinkMs: 500, durationMs: 60_000 },
    counts,
    warmUp: { sent: 0, answered: 0 },
    answeredPerSecond: 0,
    statuses: {},
    failures: [{ because: 'the connection was refused (ECONNREFUSED)', count: 500 }],
    checks: [],
    users: null,
    scenarioErrors: [],
    response: nothing,
    service: nothing,
    requests: [{ name: run.target, counts, response: nothing }],
    seconds: Array.from({ length: 5 }, (_, i) => ({
      atMs: i * 1_000,
      scheduled: 100,
      answered: 0,
      errors: 100,
      p50Ms: null,
      p95Ms: null,
      p99Ms: null,
      maxMs: null,
    })),
    generator: {
      ...run.generator,
      is: 'saturated',
      reasons: ['its p99 of send lag was 14 ms, above 1 ms'],
      cpuMicrosPerRequest: null,
    },
  }
}

/** The shortest run there is, which passed. */
export function shortRun(): LoadResult {
  const sent = simulate(seededRandom(5), 20, 1_000, 60_000)
  const counts = { ...noCounts, scheduled: sent.length, sent: sent.length, answered: sent.length }
  const response = durationsOf(measure(sent, responseMs))
  return {
    ...stalledRun(),
    verdict: 'pass',
    reasons: [],
    thresholds: [],
    durationMs: 1_000,
    warmUpMs: 0,
    profile: {
      model: 'open',
      arrivals: 'even',
      stages: [{ fromPerSecond: 20, toPerSecond: 20, durationMs: 1_000 }],
    },
    counts,
    warmUp: { sent: 0, answered: 0 },
    answeredPerSecond: sent.length,
    statuses: { '200': sent.length },
    failures: [],
    checks: [],
    users: null,
    scenarioErrors: [],
    response,
    service: response,
    requests: [{ name: 'http://127.0.0.1:8080/orders', counts, response }],
    seconds: secondsOf(sent, 1_000),
  }
}

/** Two hours, with a single bad second that must not be lost when the plot is thinned out. */
export function longRun(): LoadResult {
  const random = seededRandom(7)
  const count = 7_200
  return {
    ...stalledRun(),
    verdict: 'pass',
    reasons: [],
    thresholds: [{ text: 'p99<250ms', is: 'met', value: 36.2 }],
    durationMs: count * 1_000,
    profile: {
      model: 'open',
      arrivals: 'poisson',
      stages: [
        { fromPerSecond: 50, toPerSecond: 200, durationMs: 600_000 },
        { fromPerSecond: 200, toPerSecond: 200, durationMs: 6_600_000 },
      ],
    },
    seconds: Array.from({ length: count }, (_, i) => {
      const scheduled = Math.round(Math.min(200, 50 + i / 4) + 10 * random.next())
      const slow = i === 4_321 ? 100 : 1
      return {
        atMs: i * 1_000,
        scheduled,
        answered: scheduled,
        errors: slow > 1 ? 12 : 0,
        p50Ms: 3 + random.next(),
        p95Ms: (20 + 5 * random.next()) * slow,
        p99Ms: (32 + 6 * random.next()) * slow,
        maxMs: (50 + 20 * random.next()) * slow,
      }
    }),
  }
}

/** A service that carries about 830 requests per second, and 6 % more in the version before. */
export function lineFound(): LoadLineView {
  const curve = (capacity: number) =>
    [200, 400, 600, 700, 780, 820, 860, 900].map((ratePerSecond) => {
      const wait = 1 / Math.max(0.004, 1 - ratePerSecond / (capacity * 1.06))
      return {
        ratePerSecond,
        p50Ms: 4 * Math.sqrt(wait),
        p95Ms: 11 * wait,
        p99Ms: 16.5 * wait,
        badShare: ratePerSecond > capacity ? 0.012 : 0,
      }
    })
  return {
    points: curve(830),
    goal: { quantile: 0.99, belowMs: 250 },
    line: { ratePerSecond: 828, low: 803, high: 851 },
    before: { points: curve(880), line: { ratePerSecond: 881, low: 858, high: 902 } },
  }
}
