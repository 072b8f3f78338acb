import { z } from 'zod'
import { instant, schemaVersion } from './common.ts'

/** How one notifier of a service fares. */
export const notifierView = z.object({
  name: z.string(),
  /** `webhook`, `slack`, `pagerDuty` … */
  kind: z.string(),
  on: z.array(z.string()),
  /** Messages that are not delivered yet. */
  waits: z.number(),
  delivered: z.number(),
  deliveredAt: instant.optional(),
  /** The message whose turn it is was tried in vain. */
  failing: z
    .object({ because: z.string(), tries: z.number(), since: instant, nextAt: instant.optional() })
    .optional(),
  /** Messages that were given up; the latest of them, newest first. */
  lost: z.number(),
  givenUp: z.array(
    z.object({ id: z.string(), type: z.string(), at: instant, tries: z.number(), because: z.string() }),
  ),
})
export type NotifierView = z.infer<typeof notifierView>

/** GET /api/services/:service/notifiers */
export const notifiersView = z.object({
  schemaVersion,
  service: z.string(),
  notifiers: z.array(notifierView),
})
