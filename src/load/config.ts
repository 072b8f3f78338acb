import { z } from 'zod'
import { durationSchema as duration, variablesSchema as variables } from '../kernel/index.ts'

const objective = "expected an objective such as 'p99<250ms'"
const margin = 'expected a share below 1, such as 0.05'

const rate = z.number().gt(0)

/** The search for the highest rate that an environment carries. */
const lineConfig = z
  .object({
    /** Requests a second between which it is searched; users, when a scenario says what each does. */
    min: rate.default(10),
    max: rate.default(20_000),
    /** How long one rate is tried; it is confirmed for five times as long. */
    trial: duration.default(12_000),
    /** For the whole search. */
    budget: duration.default(480_000),
    /** A release that carries less has failed. */
    least: rate.optional(),
  })
  .strict()

/** How the load of a service is made and what it is compared by. */
export const loadConfig = z
  .object({
    /** What is asked for; a scenario says more. */
    path: z.string().startsWith('/').default('/'),
    /** File of the repository; that of the release that runs counts, so that no change can go easy on itself. */
    scenario: z
      .string()
      .min(1)
      .regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$))/, 'expected a path inside the repository')
      .optional(),
    /** What a good answer is; `slo.latency` when it is not said. */
    objective: z
      .string({ error: objective })
      .regex(/^p\d+(\.\d+)?<=?\d+(\.\d+)?(ms|s)$/, objective)
      .optional(),
    /** Of the instances that are compared. */
    env: variables.default({}),
    /** Shell command that runs before each start: resets and seeds what an instance depends on. */
    prepare: z.string().min(1).optional(),
    /** For one comparison; it ends before when it is sure. */
    budget: duration.default(300_000),
    /** How much less a release may carry than what runs, as a share. */
    margin: z.number({ error: margin }).gt(0, margin).lt(1, margin).default(0.05),
    /** How the load line of an environment is searched. */
    line: lineConfig.prefault({}),
    /** Compare although production runs on the same machine; production goes first there. */
    besideProduction: z.boolean().default(false),
  })
  .strict()

export type LoadConfig = z.output<typeof loadConfig>
