import { z } from 'zod'

export { type AlertsConfig, alertsConfig } from './alerts-config.ts'
export { type SloConfig, slosConfig } from './slo-config.ts'

const anAddress = 'expected an address that begins with https:// or http://'

/** How a service is watched. */
export const watchConfig = z
  .object({
    /** The team's Prometheus, where it has the series; `slo.promql` is asked of it. */
    prometheus: z
      .string({ error: anAddress })
      .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), { error: anAddress })
      .optional(),
  })
  .strict()
