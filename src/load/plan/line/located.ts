import { z } from 'zod'
import { machinePlace } from '../place.ts'
import { lineResult } from './result.ts'

/** A load line as it is kept: of what, when and where. As an absolute figure it means something in its place only. */
export const locatedLine = lineResult.extend({
  /** An address, or a scenario's file. */
  target: z.string(),
  /** Milliseconds since 1970. */
  startedAt: z.number(),
  /** The generator's machine, and whether the service ran on it, too. */
  place: machinePlace.extend({ service: z.enum(['on this machine', 'elsewhere']) }),
})

export type LocatedLine = z.output<typeof locatedLine>
