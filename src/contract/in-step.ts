import { z } from 'zod'
import { instant, schemaVersion } from './common.ts'

/** One thing that is not as in the environment that is followed. */
export const differenceView = z.object({
  /** The name by which it is declared: `env.DB_URL`. */
  what: z.string(),
  there: z.string(),
  here: z.string(),
  since: instant,
  /** Why it may differ. */
  declared: z.string().optional(),
  /** The deployment under way that mends it. */
  coming: z.string().optional(),
  /** Why nothing mends it. */
  because: z.string().optional(),
})
export type DifferenceView = z.infer<typeof differenceView>

/** How an environment follows another one. */
export const inStepView = z.object({
  with: z.string(),
  /** `following`: what differs is being mended; `drift`: it is nobody's wish; `unknown`: nobody can tell. */
  is: z.enum(['inStep', 'following', 'drift', 'unknown']),
  text: z.string(),
  differences: z.array(differenceView),
  unknown: z.array(z.string()),
})
export type InStepView = z.infer<typeof inStepView>

/** GET /api/services/:service/environments/:environment/drift */
export const driftView = inStepView.extend({ schemaVersion, service: z.string(), environment: z.string() })
export type DriftView = z.infer<typeof driftView>
