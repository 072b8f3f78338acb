import { z } from 'zod'
import { environmentConfig, migrateConfig, smokeConfig, startConfig } from '../deploy/config.ts'
import { tryConfig } from '../deploy/try-config.ts'
import { containersConfig } from '../fleet/containers.ts'
import { nameSchema, timeZoneSchema } from '../kernel/index.ts'
import { loadConfig } from '../load/config.ts'
import { notifyConfig } from '../notify/config.ts'
import { pipelineConfig, releaseConfig } from '../pipeline/config.ts'
import { predictConfig } from '../predict/config.ts'
import { alertsConfig, slosConfig, watchConfig } from '../watch/config.ts'
import { probesConfig } from '../watch/probes/config.ts'

export const expectedExport = 'expected `export default defineConfig({ … })`'

/** The whole of `plimsoll.config.ts`: each word declares its own part, this puts them together. */
export const serviceConfig = z
  .object(
    {
      service: nameSchema,
      /** The protected branch: what guards production comes from here, and only its changes get there. */
      branch: z.string().min(1).default('main'),
      /** Whose clocks its team reads. */
      timeZone: timeZoneSchema.default('Etc/UTC'),
      start: startConfig.optional(),
      /** Of what each instance consists where the target is docker. */
      containers: containersConfig.default({}),
      pipeline: pipelineConfig.default({}),
      release: releaseConfig.default({ include: ['**'], exclude: [] }),
      /** What it promises. */
      slos: slosConfig.default([]),
      /** Who is told when a promise is about to be broken. */
      alerts: alertsConfig.prefault({}),
      load: loadConfig.prefault({}),
      /** Runs first in each deployment, and once: what it changes must suit the release that runs as well. */
      migrate: migrateConfig.optional(),
      smoke: smokeConfig.prefault({}),
      try: tryConfig.prefault({}),
      /** Who is told of what happens. */
      notify: notifyConfig.default([]),
      /** How its metrics are read, and where it runs without Plimsoll. */
      watch: watchConfig.prefault({}),
      /** What is asked from outside, again and again. */
      probes: probesConfig.default([]),
      /** What is seen coming. */
      predict: predictConfig.prefault({}),
      environments: z.record(nameSchema, environmentConfig).default({}),
    },
    { error: expectedExport },
  )
  .strict()

/** The configuration as everyone else uses it: checked, with all defaults, durations in milliseconds. */
export type ServiceConfig = z.output<typeof serviceConfig>

/** The configuration as people write it. */
export type ServiceInput = z.input<typeof serviceConfig>
