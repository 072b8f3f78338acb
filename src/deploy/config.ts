import { z } from 'zod'
import { limitsConfig } from '../fleet/containers.ts'
import { gatewayConfig } from '../fleet/gateway-config.ts'
import { durationSchema as duration, variablesSchema as variables } from '../kernel/index.ts'
import { counterConfig, differentNames } from './counter-config.ts'
import { gateConfig } from './gate-config.ts'
import { readSchedule } from './plan/schedule.ts'
import { squeezable, squeezeConfig } from './squeeze-config.ts'

const path = z.string().startsWith('/')
const variable =
  "expected the name of the environment variable that carries the port, such as 'PORT', or false"

/** How one instance of the service starts, and when it can take requests. */
export const startConfig = z
  .object({
    command: z.string().min(1),
    /** Name of the environment variable that carries the port; false for a worker, which takes no requests. */
    port: z
      .union([z.literal(false), z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, variable)], { error: variable })
      .default('PORT'),
    /** Of a worker: it is ready once it has made the file `$READY_FILE`, or has run for so long. */
    ready: z
      .union([z.literal('file'), duration], { error: "expected 'file' or a duration such as 5s" })
      .optional(),
    health: path.default('/'),
    /** Where each instance tells its counters, in Prometheus' text format. */
    metrics: path.optional(),
    readyWithin: duration.default(60_000),
    /** From TERM to KILL; longer than the longest request. */
    grace: duration.default(30_000),
  })
  .strict()

/** A command that runs once in a deployment, in the unpacked release, with the environment's variables. */
export const taskConfig = z
  .object(
    {
      /** Shell command, run by `sh -eu`. */
      run: z.string().min(1),
      name: z.string().min(1).optional(),
      env: variables.default({}),
      timeout: duration.default(600_000),
    },
    { error: "expected sh('COMMAND')" },
  )
  .strict()

const aCommit = 'expected a commit: at least 7 of its hexadecimal digits'

/** The command that changes the data, and what still works with them afterwards. */
export const migrateConfig = taskConfig.extend({
  /** The oldest commit whose release works with the data as this release's migrations leave them. */
  oldestCompatible: z
    .string({ error: aCommit })
    .regex(/^[0-9a-f]{7,40}$/, aCommit)
    .optional(),
})

/** Checks of a new release: before it takes any request, and once it takes all; one that fails undoes the deployment. */
export const smokeConfig = z
  .object(
    { before: taskConfig.optional(), after: taskConfig.optional() },
    { error: 'expected { before, after }' },
  )
  .strict()

/** How long the new fleet alone must stay healthy before the deployment counts. */
const bake = (usualMs: number) => duration.default(usualMs)

/** New instances first, then old ones out, `surge` at a time: never below the size that was there. */
export const rollingConfig = z
  .object({
    strategy: z.literal('rolling'),
    surge: z.number().int().min(1).default(1),
    /** False: the old ones go before the new ones come, for workers of which there must never be two versions. */
    overlap: z.boolean().default(true),
    bake: bake(0),
  })
  .strict()

/** All new instances beside the old ones, then all requests at once; the old ones stay until the new ones have baked. */
export const blueGreenConfig = z.object({ strategy: z.literal('blueGreen'), bake: bake(60_000) }).strict()

const share = z.number().gt(0).max(0.5)
const shares = 'expected shares of the requests in ascending order, such as [0.05, 0.25]'
const isAscending = (all: readonly number[]) => all.every((one, i) => i === 0 || one > (all[i - 1] ?? 0))

/** All new instances beside the old ones, then more and more of the requests, judged against the live version. */
export const canaryConfig = z
  .object({
    strategy: z.literal('canary'),
    /** Shares of the requests, stage by stage; chosen by the planner when not given. */
    stages: z.array(share).min(1).max(10).refine(isAscending, { error: shares }).optional(),
    /** A stage lasts no longer than this, whatever the planner would like. */
    stageAtMost: duration.default(600_000),
    /** The planner chooses shares and times so that a release which fails so many of its requests is found. */
    find: z.number().gt(0).max(1).default(0.05),
    /** Chance of rolling back a release that is as good as the live one. */
    alpha: z.number().gt(0).max(0.1).default(0.001),
    /** So long the new release is watched beside the live one. */
    watch: duration.default(300_000),
    /** Latency of the first moments counts for nothing; failures count from the first request. */
    warmUp: duration.default(30_000),
    /** Fewer requests on either side let nothing pass. */
    minRequests: z.number().int().min(1).default(300),
    /** Without a verdict by then it is inconclusive. */
    deadline: duration.default(3_600_000),
    /** What happens when it is inconclusive: back, or held until a person decides. */
    inconclusive: z.enum(['rollback', 'hold']).default('rollback'),
    /** What is split: requests by chance, or clients, each of whom a cookie keeps with one version. */
    split: z.enum(['request', 'cookie']).default('request'),
    /** Whether slower answers count, too. */
    latency: z.boolean().default(true),
    /** The team's own counters, which every instance tells. */
    counters: differentNames(z.array(counterConfig).max(10)).default([]),
    bake: bake(60_000),
  })
  .strict()

const strategyConfig = z.discriminatedUnion('strategy', [rollingConfig, blueGreenConfig, canaryConfig], {
  error: 'expected rolling({ … }), blueGreen({ … }) or canary({ … })',
})

/** Names of what may differ from the environment that is followed: the values there count for everything else. */
const differenceName = z
  .string()
  .regex(
    /^(env\.[A-Za-z_][A-Za-z0-9_]*|data|gateway|limits|requestTimeout|schema)$/,
    "expected 'env.NAME', 'data', 'gateway', 'limits', 'requestTimeout' or 'schema'",
  )

const aSize = 'expected its share of the instances there, above 0 and at most 1, such as 1 / 3'
const aProportion = 'expected the reason why more instances carry in proportion'
const aGrowth = 'expected the reason why a larger instance carries in proportion'
const aReason = 'expected the reason why it differs'

const aSchedule = "expected days, a time and a zone, such as 'mon-fri 03:00 Europe/London'"
const schedule = z
  .string({ error: aSchedule })
  .refine((text) => readSchedule(text) !== undefined, { error: aSchedule })

/** What measures an environment in step: the highest rate at which a release there meets its objective. */
const loadTestConfig = z
  .object({
    /** After each deployment to it. */
    afterDeployment: z.boolean().default(true),
    /** By a schedule, too. */
    at: z.array(schedule).default([]),
    /** Wakes what the environment depends on, before a deployment and a load test; may run when that is awake. */
    wake: taskConfig.optional(),
    /** Lets it rest again, whatever has happened. */
    rest: taskConfig.optional(),
    clean: taskConfig.optional(),
    seed: taskConfig.optional(),
    /** Without instances while it is not used. */
    asleep: z.boolean().default(true),
  })
  .strict()

/** A request that says nothing for so long is given up. */
export const requestTimeoutConfig = duration.default(60_000)

export const environmentConfig = z
  .object({
    after: z.string().optional(),
    /** It follows that environment: the same release and configuration, as soon as a release is proven there. */
    inStepWith: z.string().optional(),
    /** Its share of the instances there, rounded to the nearest whole number, at least 1; as many when not given. */
    size: z.number({ error: aSize }).gt(0, aSize).max(1, aSize).optional(),
    /** What differs from there all the same, and why. */
    differs: z.record(differenceName, z.string({ error: aReason }).trim().min(1, aReason)).optional(),
    /** Why it carries in proportion to its instances: what was measured with few then counts for many. */
    scales: z.string({ error: aProportion }).trim().min(1, aProportion).optional(),
    /** Why an instance carries in proportion to its CPU and memory: what was measured at another size counts then. */
    scalesBySize: z.string({ error: aGrowth }).trim().min(1, aGrowth).optional(),
    /** Allows `plimsoll squeeze` to ask more of one instance than of the others. */
    squeeze: squeezeConfig.optional(),
    /** Measures it by itself. */
    loadTest: loadTestConfig.optional(),
    target: z.enum(['process', 'docker']).default('process'),
    instances: z.number().int().min(1).max(100).default(1),
    /** The gateway's port on this machine; chosen and kept when not given. */
    port: z.number().int().min(1).max(65_535).optional(),
    deploy: strategyConfig.default({ strategy: 'rolling', surge: 1, overlap: true, bake: 0 }),
    env: variables.default({}),
    /** What containers may use here, instead of what the release says: container → `{ cpus, memory }`. */
    limits: limitsConfig.optional(),
    /** A folder that outlives releases, given to instances as DATA_DIR. */
    data: z.boolean().default(false),
    /** `tests` when not given; none in step, where what comes has been proven. */
    gates: z.array(gateConfig).optional(),
    /** Whether a newer deployment may overtake one that waits for its gates, or takes its place at once. */
    waiting: z.enum(['overtake', 'join']).default('overtake'),
    /** Bring each new release here by itself once the gates hold; otherwise `plimsoll promote` does. */
    promote: z.enum(['auto', 'manual']).default('auto'),
    requestTimeout: requestTimeoutConfig,
    /** How its gateway treats requests. */
    gateway: gatewayConfig.prefault({}),
  })
  .strict()
  .refine(squeezable, {
    path: ['squeeze'],
    error: 'expected instances: 2 or more, or nobody carries the requests should it be too much for one',
  })
  .transform((place) => ({
    ...place,
    gates: place.gates ?? (place.inStepWith === undefined ? ['tests'] : []),
  }))

export type TaskConfig = z.output<typeof taskConfig>
export type MigrateConfig = z.output<typeof migrateConfig>
export type StartConfig = z.output<typeof startConfig>
export type EnvironmentConfig = z.output<typeof environmentConfig>
export type StrategyConfig = z.output<typeof strategyConfig>
