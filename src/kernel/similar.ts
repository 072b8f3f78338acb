/** Edit distance with transpositions (optimal string alignment), for names of everyday length. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) best = Math.min(best, (before[j - 2] ?? 0) + 1)
      row.push(best)
    }
    before = above
    above = row
  }
  return above[b.length] ?? 0
}

/** The name that was probably meant, when one is near enough to say so: for "did you mean". */
export function nearest(found: string, allowed: readonly string[]): string | undefined {
  const lower = found.toLowerCase()
  const ranked = allowed
    .map((name) => ({ name, away: distance(lower, name.toLowerCase()) }))
    .sort((a, b) => a.away - b.away)
  const best = ranked[0]
  return best && best.away <= Math.max(1, Math.floor(best.name.length / 3)) ? best.name : undefined
}
