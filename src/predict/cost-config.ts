import { z } from 'zod'
import { nameSchema, nearest } from '../kernel/index.ts'

const anAmount = 'expected an amount of money, such as 34.5'
const aCurrency = "expected a currency of ISO 4217, such as 'GBP'"
const amount = z.number({ error: anAmount }).nonnegative(anAmount)

const currency = z.string({ error: aCurrency }).superRefine((text, context) => {
  const known = Intl.supportedValuesOf('currency')
  if (known.includes(text)) return
  const didYouMean = known.includes(text.toUpperCase()) ? text.toUpperCase() : nearest(text, known)
  context.addIssue({ code: 'custom', message: aCurrency, params: { didYouMean } })
})

/** What runs costs, so that what would restore headroom has a price. */
export const costsConfig = z
  .object({
    /** One instance, wherever nothing else is said. */
    instance: amount,
    currency,
    per: z.enum(['hour', 'day', 'week', 'month', 'year']),
    /** Environment → one instance there. */
    environments: z.record(nameSchema, amount).default({}),
  })
  .strict()
