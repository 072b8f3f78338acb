import { z } from 'zod'
import { instant, schemaVersion } from './common.ts'

/** What is seen coming of one thing: or why nobody can say. */
export const futureView = z.object({
  is: z.enum(['foreseen', 'unforeseen']),
  kind: z.enum([
    'headroom',
    'budget',
    'disk',
    'memory',
    'files',
    'connections',
    'queue',
    'certificate',
    'pipeline',
  ]),
  name: z.string(),
  /** As alerts and silences call it: `disk /var`. */
  label: z.string(),
  /** One sentence that needs its subject before it: `crosses its load line about 12 March (80 %: 3 – 28 March)`. */
  text: z.string(),
  /** By what it is known, in sentences. */
  found: z.array(z.string()),
  next: z.string().optional(),
  /** Before half of the futures; absent: not within the horizon, by most. */
  date: instant.optional(),
  /** With 80 % between them. */
  early: instant.optional(),
  late: instant.optional(),
  /** How likely within so many days. */
  within: z.object({ 7: z.number(), 30: z.number(), 90: z.number() }).optional(),
  /** Somebody wants to know so many days before, and how likely it is within them. */
  leadDays: z.number().optional(),
  withinLead: z.number().optional(),
  /** When it was looked at last. */
  foundAt: instant,
  /** Since when a ticket is open; absent: none is. */
  ticketSince: instant.optional(),
})
export type FutureView = z.infer<typeof futureView>

export const environmentFutures = z.object({
  service: z.string(),
  environment: z.string(),
  /** Who sees to it, where the configuration says. */
  owner: z.string().optional(),
  futures: z.array(futureView),
})
export type EnvironmentFutures = z.infer<typeof environmentFutures>

/** GET /api/futures: what is seen coming, tickets first, then what is likely soonest. */
export const futuresView = z.object({ schemaVersion, at: instant, environments: z.array(environmentFutures) })
export type FuturesView = z.infer<typeof futuresView>
