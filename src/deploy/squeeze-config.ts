import { z } from 'zod'
import { durationSchema as duration } from '../kernel/index.ts'

const aShare = 'expected a share of the requests above 0 and up to 0.9, such as 0.6'
const share = z.number({ error: aShare }).gt(0, aShare).max(0.9, aShare)
const aProportion = 'expected the reason why more instances carry in proportion'
const shares = 'expected shares of the requests in ascending order, such as [0.4, 0.5, 0.6]'
/** A single one that is asked too much is all that there is. */
export const squeezable = ({
  inStepWith,
  instances,
  squeeze,
}: {
  readonly inStepWith?: string | undefined
  readonly instances: number
  readonly squeeze?: unknown
}): boolean => squeeze === undefined || inStepWith !== undefined || instances > 1

const isAscending = (all: readonly number[]) => all.every((one, i) => i === 0 || one > (all[i - 1] ?? 0))

/** How one instance may be asked more and more, to know what it carries: never without this. */
export const squeezeConfig = z
  .object(
    {
      /** One instance gets no more of the requests than this: the others must be enough for the rest, and for all. */
      maxShare: share,
      /** Shares of the requests, stage by stage; a quarter more each time when not given. */
      stages: z.array(share).min(1).max(20).refine(isAscending, { error: shares }).optional(),
      /** So long each stage is watched. */
      watch: duration.default(60_000),
      /** It is over after so long, whatever is known. */
      atMost: duration.default(1_800_000),
      /** Chance of calling an instance worse that is as good as the others. */
      alpha: z.number().gt(0).max(0.1).default(0.001),
      /** Why as many instances carry as many times what one does: what one carried then counts for all of them. */
      scales: z.string({ error: aProportion }).trim().min(1, aProportion).optional(),
      /** A stage that has seen fewer requests says nothing. */
      minRequests: z.number().int().min(1).default(300),
    },
    { error: 'expected { maxShare, … }' },
  )
  .strict()
  .superRefine(({ maxShare, stages = [] }, context) => {
    for (const [i, one] of stages.entries())
      if (one > maxShare)
        context.addIssue({
          code: 'custom',
          path: ['stages', i],
          message: `expected no more than maxShare, ${maxShare}`,
        })
  })

export type SqueezeConfig = z.output<typeof squeezeConfig>
