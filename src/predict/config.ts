import { z } from 'zod'
import { durationSchema as duration } from '../kernel/index.ts'
import { costsConfig, sizesConfig } from './cost-config.ts'
import { daysConfig } from './days-config.ts'
import { watchedConfig } from './watched-config.ts'

const dayMs = 86_400_000
const aLead = "expected from '1d' to '90d'"

/** What is seen coming, and how soon somebody wants to know. */
export const predictConfig = z
  .object({
    /** So long before it is likely to happen a ticket is written. */
    lead: duration.refine((ms) => ms >= dayMs && ms <= 90 * dayMs, { error: aLead }).default(30 * dayMs),
    /** Who sees to what is seen coming: a team, or a person. */
    owner: z.string().trim().min(1).optional(),
    /** The pipeline of the protected branch is not to take longer. */
    pipeline: duration.refine((ms) => ms >= 60_000, { error: "expected at least '1m'" }).optional(),
    /** What fills up, beside what Plimsoll knows of by itself. */
    watched: watchedConfig.default([]),
    ...daysConfig,
    costs: costsConfig.optional(),
    /** Sizes that instances can have: any when not given. */
    sizes: sizesConfig.optional(),
  })
  .strict()

export type PredictConfig = z.output<typeof predictConfig>
