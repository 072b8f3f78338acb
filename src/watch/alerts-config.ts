import { z } from 'zod'
import { durationSchema as duration, nameSchema } from '../kernel/index.ts'
import { readLabelMatchers } from '../series/index.ts'
import { addressSchema } from './probes/config.ts'

const aMatch = 'expected matchers of labels, such as \'severity="page",environment="production"\''
const match = z
  .string({ error: aMatch })
  .refine((text) => readLabelMatchers(text) !== undefined, { error: aMatch })

const labels = ['environment', 'slo', 'window', 'severity'] as const

const atLeast = (leastMs: number, text: string) =>
  duration.refine((value) => value >= leastMs, { error: `expected at least ${text}` })

/** Who is told of alerts, and how soon. */
export const alertsConfig = z
  .object({
    /** The first that matches counts; what none matches is told to everybody who wants to hear of it. */
    routes: z.array(z.object({ match, to: z.array(nameSchema).min(1) }).strict()).default([]),
    /** Alerts that are alike in these labels are told together. */
    groupBy: z.array(z.enum(labels)).default(['environment']),
    /** So long the first of a group waits for others. */
    groupWait: duration.default(10_000),
    /** A group is told of no more often. */
    groupInterval: duration.default(60_000),
    /** A page that goes on is told again. */
    repeat: atLeast(60_000, '1m').default(4 * 3_600_000),
    /** Services without which this one cannot work: while one pages, this one does not in the same environment. */
    dependsOn: z.array(nameSchema).default([]),
    /** An environment of which nothing was heard for so long is a page itself. */
    deadAfter: atLeast(120_000, '2m').default(300_000),
    /** So often `watch.alive` is told, for somebody outside who misses it; never when not given and there is no heartbeat. */
    alive: atLeast(60_000, '1m').optional(),
    /** Where people reach Plimsoll's page: links in messages begin with it. */
    links: addressSchema.optional(),
  })
  .strict()

export type AlertsConfig = z.output<typeof alertsConfig>
