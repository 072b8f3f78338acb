import { normalUpper } from '../compare/statistics/normal.ts'

/**
 * Two-sided p of a value of Student's t, by Wallace's normal score (Ann. Math. Statist. 30, 1959): within 3 % of
 * itself from five degrees of freedom, in the far tail too.
 */
export function studentP(t: number, degrees: number): number {
  const score = Math.sqrt(degrees * Math.log1p(t ** 2 / degrees))
  return 2 * normalUpper(score * ((8 * degrees + 1) / (8 * degrees + 3)))
}
