import type { ServiceInput } from '../schema.ts'

type Job = NonNullable<ServiceInput['pipeline']>[string]
type Step = Job['steps'][number]
type Migrate = NonNullable<ServiceInput['migrate']>

/** A secret by name. The configuration never holds its value. */
export type Secret = { secret: string }

/**
 * Describes a service: how it is built and tested, how it starts, and where it runs.
 * Returns what it is given; it is there so that editors help, and `plimsoll check` checks the rest.
 *
 * @example
 * import { defineConfig, rolling, sh } from 'plimsoll'
 *
 * export default defineConfig({
 *   service: 'payments',
 *   start: { command: 'node server.js', port: 'PORT', health: '/healthcheck' },
 *   pipeline: { test: { steps: [sh('npm ci'), sh('npm test')] } },
 *   environments: {
 *     staging: {},
 *     production: { after: 'staging', instances: 3, deploy: rolling({ bake: '30s' }) },
 *   },
 * })
 */
export const defineConfig = (config: ServiceInput): ServiceInput => config

/**
 * One step of a job: a command that `sh -eu` runs in the job's working directory.
 * `timeout` is a duration (`'90s'`, default 10 minutes) and `retries` how often it is tried again (default 0);
 * every try is shown. Of `migrate` alone, `oldestCompatible` is the oldest commit whose release still works with the
 * data afterwards: nothing older comes into an environment where it ran.
 *
 * @example
 * import { secret, sh } from 'plimsoll'
 *
 * const steps = [
 *   sh('npm ci'),
 *   sh('npm test', { name: 'unit tests', timeout: '5m', env: { NODE_ENV: 'test' } }),
 *   sh('./publish-report', { retries: 2, env: { REPORT_KEY: secret('REPORT_KEY') } }),
 * ]
 */
export const sh = (
  run: string,
  options: Omit<Step, 'run'> & Pick<Migrate, 'oldestCompatible'> = {},
): Step & Pick<Migrate, 'oldestCompatible'> => ({ run, ...options })

/**
 * A secret by its name (capitals, digits and _). The value comes from the secrets file (mode 0600) or the
 * variable `PLIMSOLL_SECRET_<NAME>` of `plimsoll up`, when it is used, and is never stored.
 *
 * @example
 * import { secret } from 'plimsoll'
 *
 * const env = { API_KEY: secret('STAGING_API_KEY') }
 */
export const secret = (name: string): Secret => ({ secret: name })
