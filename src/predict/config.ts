import { z } from 'zod'
import { durationSchema as duration } from '../kernel/index.ts'
import { costsConfig } from './cost-config.ts'
import { daysConfig } from './days-config.ts'

const dayMs = 86_400_000
const aLead = "expected from '1d' to '90d'"

/** What is seen coming, and how soon somebody wants to know. */
export const predictConfig = z
  .object({
    /** So long before it is likely to happen a ticket is written. */
    lead: duration.refine((ms) => ms >= dayMs && ms <= 90 * dayMs, { error: aLead }).default(30 * dayMs),
    ...daysConfig,
    costs: costsConfig.optional(),
  })
  .strict()

export type PredictConfig = z.output<typeof predictConfig>
