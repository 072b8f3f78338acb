import { z } from 'zod'
import { durationSchema as duration, variablesSchema as variables } from '../kernel/index.ts'

const path = z.string().startsWith('/')
const variable = "expected the name of the environment variable that carries the port, such as 'PORT'"

/** How one instance of the service starts, and when it can take requests. */
export const startConfig = z
  .object({
    command: z.string().min(1),
    /** Name of the environment variable that carries the port. */
    port: z
      .string({ error: variable })
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, variable)
      .default('PORT'),
    health: path.default('/'),
    readyWithin: duration.default(60_000),
    /** From TERM to KILL; longer than the longest request. */
    grace: duration.default(30_000),
  })
  .strict()

/** New instances first, then old ones out, `surge` at a time: never below the size that was there. */
export const rollingConfig = z
  .object(
    {
      strategy: z.literal('rolling'),
      surge: z.number().int().min(1).default(1),
      /** How long the new fleet alone must stay healthy before the deployment counts. */
      bake: duration.default(0),
    },
    { error: 'expected rolling() or rolling({ … })' },
  )
  .strict()

export const environmentConfig = z
  .object({
    after: z.string().optional(),
    target: z.enum(['process', 'docker']).default('process'),
    instances: z.number().int().min(1).max(100).default(1),
    /** The gateway's port on this machine; chosen and kept when not given. */
    port: z.number().int().min(1).max(65_535).optional(),
    deploy: rollingConfig.default({ strategy: 'rolling', surge: 1, bake: 0 }),
    env: variables.default({}),
    /** A folder that outlives releases, given to instances as DATA_DIR. */
    data: z.boolean().default(false),
    gates: z.array(z.string()).default(['tests']),
    /** Bring each new release here by itself once the gates hold; otherwise `plimsoll promote` does. */
    promote: z.enum(['auto', 'manual']).default('auto'),
    requestTimeout: duration.default(60_000),
  })
  .strict()

export type StartConfig = z.output<typeof startConfig>
export type EnvironmentConfig = z.output<typeof environmentConfig>
export type RollingConfig = z.output<typeof rollingConfig>
