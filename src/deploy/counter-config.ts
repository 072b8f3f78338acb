import { z } from 'zod'
import { readSelector } from '../series/index.ts'

const aCounter = "expected a counter, such as 'payments_total' or 'payments_total{outcome=\"declined\"}'"
const series = z
  .string({ error: aCounter })
  .refine((text) => readSelector(text) !== undefined, { error: aCounter })

/** A counter of the team's own by which a canary is judged. */
export const counterConfig = z
  .object(
    {
      /** What is bad: 'declined payments'. */
      name: z.string().min(1).max(60),
      /** Counts them. */
      of: series,
      /** Counts all of which they are some. */
      among: series,
      /** Whether more of them are worse, or fewer. */
      worse: z.enum(['more', 'fewer']).default('more'),
      /** Either side must have counted so many before the new release passes. */
      atLeast: z.number().int().min(1).default(100),
      /** Its part of the chance of a false alarm, beside 3 for failures and 1 for latency. */
      weight: z.number().positive().max(10).default(1),
    },
    { error: "expected counter('NAME', { of, among })" },
  )
  .strict()

type Counters = z.ZodArray<typeof counterConfig>

/** A counter is told of by its name. */
export const differentNames = (counters: Counters) =>
  counters.superRefine((all, context) => {
    all.forEach(({ name }, i) => {
      const first = all.findIndex((one) => one.name === name)
      if (first === i) return
      const message = `expected a name of its own: counters[${first}] has this one`
      context.addIssue({ code: 'custom', path: [i, 'name'], message })
    })
  })
