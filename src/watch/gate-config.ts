import { z } from 'zod'
import { durationSchema as duration, nameSchema } from '../kernel/index.ts'

const aShare = 'expected a share of the budget from 0 to 1, such as 0.1'

/** The team's policy for a budget that is nearly spent. */
export const errorBudgetConfig = z
  .object({
    kind: z.literal('errorBudget'),
    name: nameSchema.default('errorBudget'),
    /** With less than this share of any budget left, nothing new comes. */
    below: z.number({ error: aShare }).min(0, aShare).max(1, aShare).default(0.1),
    /** What comes all the same: what a person calls a fix, with a reason, or nothing. */
    allow: z.enum(['fixes', 'nothing']).default('fixes'),
    /** What is known of the budgets counts for so long. */
    expires: duration.default(900_000),
  })
  .strict()

export type ErrorBudgetSettings = z.output<typeof errorBudgetConfig>
