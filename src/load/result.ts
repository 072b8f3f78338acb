import { z } from 'zod'

const count = z.int().nonnegative()
const ms = z.number().nonnegative()

/** Bucket i counts durations of at most `upperMs[i]` milliseconds and above `upperMs[i-1]`; empty buckets are left out. */
const histogram = z.object({ upperMs: z.array(ms), counts: z.array(count) })

/** Durations in milliseconds: quantiles of all that were counted, and the counts themselves. Null: nothing was counted. */
const durations = z.object({
  count,
  meanMs: ms.nullable(),
  p50Ms: ms.nullable(),
  p90Ms: ms.nullable(),
  p95Ms: ms.nullable(),
  p99Ms: ms.nullable(),
  p999Ms: ms.nullable(),
  maxMs: ms.nullable(),
  histogram,
})

/**
 * scheduled = sent + unsent; sent = answered + failed + timedOut. Answered: completely, whatever the status. Errors are
 * the scheduled ones that were not answered, or answered with a status that was not expected (by default 400 and above).
 */
const counts = z.object({
  scheduled: count,
  sent: count,
  answered: count,
  failed: count,
  timedOut: count,
  unsent: count,
  errors: count,
})

/** One stage of an open profile: the rate goes evenly from one to the other. */
const stage = z.object({ fromPerSecond: ms, toPerSecond: ms, durationMs: ms })

const profile = z.discriminatedUnion('model', [
  z.object({ model: z.literal('open'), arrivals: z.enum(['poisson', 'even']), stages: z.array(stage) }),
  z.object({ model: z.literal('closed'), users: count, thinkMs: ms, durationMs: ms }),
])

/** One second of the run; quantiles within 1 %, of responses that ended in it, from the intended time. */
const second = z.object({
  atMs: ms,
  scheduled: count,
  answered: count,
  errors: count,
  p50Ms: ms.nullable(),
  p95Ms: ms.nullable(),
  p99Ms: ms.nullable(),
  maxMs: ms.nullable(),
})

const reason = z.object({ text: z.string(), next: z.string().optional() })

/** What a load test found; all durations in milliseconds, all rates per second. The warm-up is in none of it. */
export const loadResult = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('load'),
  verdict: z.enum(['pass', 'fail', 'inconclusive']),
  reasons: z.array(reason),
  thresholds: z.array(
    z.object({ text: z.string(), is: z.enum(['met', 'missed', 'unknown']), value: z.number().nullable() }),
  ),
  /** An address, or the name of a scenario's file. */
  target: z.string(),
  /** Milliseconds since 1970. */
  startedAt: z.number(),
  warmUpMs: ms,
  durationMs: ms,
  /** Why it ended before its time. */
  stoppedEarly: z.string().optional(),
  profile,
  counts,
  /** Sent, and answered, during the warm-up. */
  warmUp: z.object({ sent: count, answered: count }),
  answeredPerSecond: ms,
  statuses: z.record(z.string(), count),
  /** Why requests failed, most frequent first. */
  failures: z.array(z.object({ because: z.string(), count })),
  checks: z.array(z.object({ name: z.string(), passed: count, failed: count })),
  /** Iterations of scenarios: gone through, ended by an error, not ended in time. Null: no scenario was used. */
  users: z.object({ passed: count, failed: count, unfinished: count }).nullable(),
  /** What scenarios threw, with its place, most frequent first. */
  scenarioErrors: z.array(z.object({ because: z.string(), count })),
  /** From the intended time: what a user would have waited. */
  response: durations,
  /** From the real send. */
  service: durations,
  /** Real send − intended: how the generator judges itself. */
  sendLag: durations,
  /** By name of the request; a single one has the name of its address. */
  requests: z.array(z.object({ name: z.string(), counts, response: durations })),
  seconds: z.array(second),
  bytes: z.object({ sent: count, received: count }),
  generator: z.object({
    is: z.enum(['sound', 'saturated']),
    reasons: z.array(z.string()),
    workers: count,
    mostConnections: count,
    /** Share of a core, 0 … 1, that the busiest worker was at work. */
    busyShare: z.number(),
    gcShare: z.number(),
    longestGcMs: ms,
    /** Times that no file descriptor or local port was free. */
    outOfSockets: z.number().int(),
    /** User and system time of the process, over all requests sent. */
    cpuMicrosPerRequest: z.number().nullable(),
  }),
})

export type LoadResult = z.infer<typeof loadResult>
export type LoadCounts = z.infer<typeof counts>
export type LoadProfile = z.infer<typeof profile>
export type Durations = z.infer<typeof durations>
