/** A worker's share of what all may have together; at least one. */
export const shareOf = (whole: number, index: number, of: number): number =>
  Math.max(1, Math.floor(whole / of) + (index < whole % of ? 1 : 0))
