import { normalUpper } from '../../src/load/plan/compare/statistics/normal.ts'

/** One-sided level of an interval of 98 %. */
const level = 0.01

/** Mann and Whitney's U of a above b with its variance, ties counted as halves. */
function aboveness(
  a: readonly number[],
  b: readonly number[],
): { readonly u: number; readonly variance: number } {
  const all = [...a, ...b].sort((x, y) => x - y)
  const n = all.length
  let ties = 0
  const ranks = new Map<number, number>()
  for (let from = 0; from < n; ) {
    let to = from
    while (to < n && all[to] === all[from]) to++
    const count = to - from
    ranks.set(all[from] ?? 0, (from + 1 + to) / 2)
    ties += count ** 3 - count
    from = to
  }
  const sum = a.reduce((total, value) => total + (ranks.get(value) ?? 0), 0)
  const u = sum - (a.length * (a.length + 1)) / 2
  return { u, variance: ((a.length * b.length) / 12) * (n + 1 - ties / (n * (n - 1))) }
}

/** Whether values of a lie above those of b, by the normal approximation. */
export function isWorse(a: readonly number[], b: readonly number[]): boolean {
  const { u, variance } = aboveness(a, b)
  return variance > 0 && normalUpper((u - (a.length * b.length) / 2) / Math.sqrt(variance)) < level
}
