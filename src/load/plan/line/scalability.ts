import { z } from 'zod'

/** One rung of the closed ladder. */
export const lineRung = z.object({
  users: z.number(),
  answeredPerSecond: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
})
export type LineRung = z.infer<typeof lineRung>

/** Gunther's Universal Scalability Law: X(N) = λN / (1 + σ(N − 1) + κN(N − 1)). */
export const scalability = z.object({
  /** Requests per second of one user. */
  lambda: z.number(),
  /** Contention: the share that is done one after the other. */
  sigma: z.number(),
  /** Crosstalk: what each user costs each other. */
  kappa: z.number(),
})
export type Scalability = z.infer<typeof scalability>

type Row = readonly [number, number, number, number]

/** Solves a 3 × 3 system of normal equations; undefined when it has no single answer. */
function solve(rows: readonly Row[], use: readonly boolean[]): readonly number[] | undefined {
  const kept = [0, 1, 2].filter((i) => use[i])
  const matrix = kept.map((i) => [...kept, 3].map((j) => rows[i]?.[j] ?? 0))
  const size = kept.length
  for (let i = 0; i < size; i++) {
    const pivot = matrix[i]
    if (!pivot || Math.abs(pivot[i] ?? 0) < 1e-12) return undefined
    for (const [k, row] of matrix.entries()) {
      if (k === i) continue
      const factor = (row[i] ?? 0) / (pivot[i] ?? 1)
      for (let j = i; j <= size; j++) row[j] = (row[j] ?? 0) - factor * (pivot[j] ?? 0)
    }
  }
  const solution = [0, 0, 0]
  for (const [at, i] of kept.entries()) solution[i] = (matrix[at]?.[size] ?? 0) / (matrix[at]?.[at] ?? 1)
  return solution
}

/**
 * Fits the law by least squares in its linear form N/X = (1 + σ(N−1) + κN(N−1))/λ, relative errors alike; σ and κ are
 * never below 0. It explains, it decides nothing.
 * @returns the law, or why there is none
 */
export function fitScalability(rungs: readonly LineRung[]): Scalability | { readonly because: string } {
  const known = rungs.filter(({ answeredPerSecond }) => answeredPerSecond > 0)
  if (known.length < 4) return { because: `the ladder has ${known.length} rungs, the law needs four` }
  const rows = [0, 1, 2].map((): [number, number, number, number] => [0, 0, 0, 0])
  for (const { users, answeredPerSecond } of known) {
    const y = users / answeredPerSecond
    const terms = [1 / y, (users - 1) / y, (users * (users - 1)) / y, 1]
    for (const [i, row] of rows.entries())
      for (const j of [0, 1, 2, 3] as const) row[j] += (terms[i] ?? 0) * (terms[j] ?? 0)
  }
  const choices = [
    [true, true, true],
    [true, true, false],
    [true, false, true],
    [true, false, false],
  ]
  for (const use of choices) {
    const [a, b, c] = solve(rows, use) ?? []
    if (a !== undefined && b !== undefined && c !== undefined && a > 0 && b >= 0 && c >= 0)
      return { lambda: 1 / a, sigma: b / a, kappa: c / a }
  }
  return { because: 'no law with contention and crosstalk above zero fits the ladder' }
}
