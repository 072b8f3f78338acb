import { z } from 'zod'
import { readMatchers } from '../series/index.ts'

/** What can be named in the configuration. */
const kinds = ['connections', 'queue', 'disk', 'memory', 'files'] as const

const aMetric = 'expected a metric, such as \'pg_stat_activity_count{datname="payments"}\''
const metric = z
  .string({ error: aMetric })
  .refine((text) => readMatchers(text) !== undefined, { error: aMetric })

const aKind = `expected one of ${kinds.map((kind) => `'${kind}'`).join(', ')}`
const aName = "expected a name of letters, digits and ' ._/:-', such as 'postgres' or '/var'"
const aFull = 'expected a number above 0, or the metric that tells it'

/** Something that fills up, and how much goes into it. */
const watched = z
  .object({
    name: z
      .string({ error: aName })
      .max(60, aName)
      .regex(/^[A-Za-z0-9/][A-Za-z0-9 ._/:-]*$/, aName),
    kind: z.enum(kinds, { error: aKind }),
    /** What is in it; of several series that fit, the fullest counts. */
    metric,
    /** When it is full: a number, or another metric of the same place. */
    full: z.union([z.number().positive({ error: aFull }), metric], { error: aFull }),
  })
  .strict()

/** What fills up, by the team's own metrics. That names differ is checked across all of them. */
export const watchedConfig = z.array(watched).max(50)
