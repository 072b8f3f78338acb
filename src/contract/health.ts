import { z } from 'zod'
import { instant, schemaVersion } from './common.ts'
import { heartbeatHealth } from './heartbeats.ts'

/** What was answered in the last minutes. Absent figures are not known. */
const requestHealth = z.object({
  ratePerSecond: z.number(),
  /** Share of requests that failed or were lost; absent without requests. */
  errorRatio: z.number().optional(),
  /** Seconds. */
  p50: z.number().optional(),
  p95: z.number().optional(),
  p99: z.number().optional(),
})

export const releaseHealth = requestHealth.extend({
  /** Short name of the release; empty for requests that nobody could take. */
  version: z.string(),
})
export type ReleaseHealth = z.infer<typeof releaseHealth>

export const routeHealth = requestHealth.extend({
  /** A template of `watch.routes`, or `other`. */
  route: z.string(),
})
export type RouteHealth = z.infer<typeof routeHealth>

export const instanceHealth = z.object({
  instance: z.string(),
  version: z.string(),
  /** Cores that it keeps busy: 0.5 is half of one. */
  cpu: z.number().optional(),
  memoryBytes: z.number().optional(),
  openFiles: z.number().optional(),
  /** So many times it had to be started again. */
  restarts: z.number().optional(),
  /** So many times the kernel ended one of its processes for want of memory, where its containers have limits. */
  kills: z.number().optional(),
  /** Of its containers, where each has one. */
  memoryLimitBytes: z.number().optional(),
})
export type InstanceHealth = z.infer<typeof instanceHealth>

export const probeHealth = z.object({
  name: z.string(),
  ok: z.boolean(),
  /** Of the last minutes. */
  successRatio: z.number().optional(),
  durationSeconds: z.number().optional(),
  /** When the certificate ends. */
  certificateEnds: instant.optional(),
  because: z.string().optional(),
  /** When it was last asked. */
  askedAt: instant.optional(),
  /** Of a journey: how the last pass went, step by step. */
  steps: z
    .array(
      z.object({
        name: z.string(),
        ok: z.boolean(),
        /** Absent: there was no answer. */
        durationSeconds: z.number().optional(),
      }),
    )
    .optional(),
})
export type ProbeHealth = z.infer<typeof probeHealth>

export const targetHealth = z.object({
  instance: z.string(),
  up: z.boolean(),
  samples: z.number(),
  /** What is wrong with what it says, the first few. */
  problems: z.array(z.string()),
})
export type TargetHealth = z.infer<typeof targetHealth>

export const environmentHealth = z.object({
  name: z.string(),
  /** Whether Plimsoll runs it, or only watches. */
  runs: z.enum(['here', 'elsewhere']),
  is: z.enum(['well', 'ill', 'unknown']),
  /** What is wrong, each in a sentence; or why nothing can be said. */
  reasons: z.array(z.string()),
  releases: z.array(releaseHealth),
  routes: z.array(routeHealth),
  instances: z.array(instanceHealth),
  probes: z.array(probeHealth),
  targets: z.array(targetHealth),
  heartbeats: z.array(heartbeatHealth),
})
export type EnvironmentHealth = z.infer<typeof environmentHealth>

/** GET /api/health: how services are now. */
export const healthView = z.object({
  schemaVersion,
  at: instant,
  /** How far back rates, ratios and latencies reach, in seconds. */
  windowSeconds: z.number(),
  /** What keeps Plimsoll itself from watching as it should: figures that cannot be stored. */
  faults: z.array(z.string()).optional(),
  services: z.array(z.object({ name: z.string(), environments: z.array(environmentHealth) })),
})
export type HealthView = z.infer<typeof healthView>

const line = z.object({
  /** Short name of a release. */
  name: z.string(),
  /** At the times of the history; null where nothing is known. */
  values: z.array(z.number().nullable()),
})

/** GET /api/services/:service/environments/:environment/health: how it was lately. */
export const healthHistory = z.object({
  schemaVersion,
  service: z.string(),
  environment: z.string(),
  times: z.array(instant),
  /** Requests a second. */
  rate: z.array(line),
  /** Share that failed or was lost. */
  errors: z.array(line),
  /** 95 % took at most so many seconds. */
  p95: z.array(line),
  deployments: z.array(
    z.object({
      id: z.string(),
      at: instant,
      version: z.string(),
      /** "3f2a… was deployed", "3f2a… was rolled back". */
      text: z.string(),
    }),
  ),
})
export type HealthHistory = z.infer<typeof healthHistory>
