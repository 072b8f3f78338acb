/**
 * Holm's correction for several tests: p values, each raised so that holding it against α keeps the chance of
 * any false alarm among them at α. In the order they came.
 */
export function holm(ps: readonly number[]): readonly number[] {
  const corrected = ps.map(() => 1)
  let largest = 0
  const order = ps.map((p, at) => ({ p, at })).sort((a, b) => a.p - b.p)
  for (const [place, { p, at }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p * (ps.length - place)))
    corrected[at] = largest
  }
  return corrected
}
