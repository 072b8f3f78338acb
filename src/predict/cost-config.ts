import { z } from 'zod'
import { memorySchema, nameSchema, nearest } from '../kernel/index.ts'

const anAmount = 'expected an amount of money, such as 34.5'
const aCurrency = "expected a currency of ISO 4217, such as 'GBP'"
const amount = z.number({ error: anAmount }).nonnegative(anAmount)

const currency = z.string({ error: aCurrency }).superRefine((text, context) => {
  const known = Intl.supportedValuesOf('currency')
  if (known.includes(text)) return
  const didYouMean = known.includes(text.toUpperCase()) ? text.toUpperCase() : nearest(text, known)
  context.addIssue({ code: 'custom', message: aCurrency, params: { didYouMean } })
})

const hasPrice = ({ instance, cpuHour, gibHour }: Record<string, unknown>): boolean =>
  instance !== undefined || (cpuHour !== undefined && gibHour !== undefined)

const isWhole = ({ cpuHour, gibHour }: Record<string, unknown>): boolean =>
  (cpuHour === undefined) === (gibHour === undefined)

/** What runs costs, so that what would restore headroom has a price. */
export const costsConfig = z
  .object({
    /** One instance as they are, wherever nothing else is said. */
    instance: amount.optional(),
    /** Of one CPU, and of one GiB of memory, for an hour: what an instance of any size costs follows. */
    cpuHour: amount.optional(),
    gibHour: amount.optional(),
    currency,
    per: z.enum(['hour', 'day', 'week', 'month', 'year']),
    /** Environment → one instance there. */
    environments: z.record(nameSchema, amount).default({}),
  })
  .strict()
  .refine(isWhole, 'has one of cpuHour and gibHour, expected both')
  .refine(
    (costs) => !isWhole(costs) || hasPrice(costs),
    'has no price, expected instance, or cpuHour and gibHour',
  )

const aSize = "expected sizes such as { cpus: 2, memory: '4GiB' }, or 'fargate'"

/** Sizes that an instance can have. */
export const sizesConfig = z.union(
  [
    z.literal('fargate'),
    z
      .array(
        z
          .object({
            cpus: z.number().positive(),
            memory: memorySchema,
            /** One instance of this size, for `costs.per`. */
            price: amount.optional(),
          })
          .strict(),
      )
      .min(1),
  ],
  { error: aSize },
)
