import { z } from 'zod'
import { instanceSizeSchema } from '../../../kernel/index.ts'
import { machinePlace } from '../place.ts'
import { comparison } from './comparison.ts'
import { round } from './round.ts'

/** One side: what people call it, and what it is exactly (a commit, a digest, the files of a folder, an address). */
const side = z.object({ name: z.string(), exactly: z.string() })

/**
 * A comparison as it is kept: what was found, of what, by which load, where, and every round, so that it can be
 * imported, drawn and reckoned again elsewhere.
 */
export const comparisonEvidence = comparison.extend({
  /** The whole in a sentence. */
  text: z.string(),
  /** Milliseconds since 1970. */
  startedAt: z.number(),
  about: z.object({ base: side, change: side }),
  /** A path or a scenario. */
  sends: z.string(),
  /** `p99<250ms` */
  objective: z.string(),
  /** Figures of different places are never compared; only ratios speak across them. */
  place: machinePlace.extend({
    /** Production ran on the same machine, and went first. */
    besideProduction: z.boolean(),
  }),
  /** Of what size instances of either are where they run; absent of processes, and in what was kept before anybody noted it. */
  sizes: z.object({ base: instanceSizeSchema, change: instanceSizeSchema }).optional().catch(undefined),
  measured: z.array(round),
})

export type ComparisonEvidence = z.output<typeof comparisonEvidence>
