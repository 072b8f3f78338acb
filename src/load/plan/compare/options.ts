import { z } from 'zod'

const share = z.number().gt(0).lt(1)

/** How two releases are compared. Margins are shares: 0.05 lets a change carry 5 % less, and no more. */
export const compareOptions = z
  .object({
    margins: z.object({ loadLine: share, cpu: share, p99: share }).strict(),
    /** No verdict on fewer rounds, unless the budget ends before. */
    minRounds: z.int().min(6),
    maxRounds: z.int().min(6).max(200),
    /** How often the figures may be looked at, the last time at `maxRounds`. Each look costs some certainty. */
    looks: z.int().min(1).max(5),
    budgetMs: z.number().positive(),
    /** Of the order of the rounds. */
    seed: z.int(),
  })
  .strict()
  .refine((o) => o.minRounds <= o.maxRounds, { path: ['minRounds'], error: 'expected at most maxRounds' })

export type CompareOptions = z.output<typeof compareOptions>

/** The starting values of the methods; five minutes for a developer's run. */
export const defaultCompareOptions: CompareOptions = {
  margins: { loadLine: 0.05, cpu: 0.03, p99: 0.1 },
  minRounds: 10,
  maxRounds: 20,
  looks: 3,
  budgetMs: 300_000,
  seed: 1,
}

/** The numbers of rounds at which to look: from `minRounds` to `maxRounds` in even steps. */
export function plannedLooks(
  o: Pick<CompareOptions, 'minRounds' | 'maxRounds' | 'looks'>,
): readonly number[] {
  if (o.looks === 1) return [o.maxRounds]
  const step = (o.maxRounds - o.minRounds) / (o.looks - 1)
  return [...new Set(Array.from({ length: o.looks }, (_, i) => Math.round(o.minRounds + i * step)))]
}
