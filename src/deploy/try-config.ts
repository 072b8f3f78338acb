import { z } from 'zod'
import { durationSchema as duration, variablesSchema as variables } from '../kernel/index.ts'
import { requestTimeoutConfig, taskConfig } from './config.ts'

const hourMs = 3_600_000

/** What an environment of its own needs beside the service: made before its first instance, taken away after its last. */
const dependenciesConfig = z
  .object({ up: taskConfig, down: taskConfig }, { error: "expected { up: sh('…'), down: sh('…') }" })
  .strict()

/** Environments for `plimsoll try`: made for one change, and gone when their time is over. */
export const tryConfig = z
  .object({
    /** Containers bring variables of their own, which a change could fill with secrets. */
    target: z
      .literal('process', { error: "expected 'process': a try does not run in containers" })
      .default('process'),
    instances: z.number().int().min(1).max(20).default(1),
    /** All that its instances get: nothing of any other environment comes along. */
    env: variables.default({}),
    dependencies: dependenciesConfig.optional(),
    /** How long one lives when nobody says. */
    for: duration.default(4 * hourMs),
    /** How long one may be asked to live, from now. */
    longest: duration.default(72 * hourMs),
    /** So many may be open at once. */
    atMost: z.number().int().min(1).max(50).default(5),
    requestTimeout: requestTimeoutConfig,
  })
  .strict()
  .refine((config) => config.for <= config.longest, {
    error: 'expected a duration that is no longer than try.longest',
    path: ['for'],
  })
  .refine((config) => config.for >= 1_000, { error: 'expected at least 1s', path: ['for'] })

export type TryConfig = z.output<typeof tryConfig>
