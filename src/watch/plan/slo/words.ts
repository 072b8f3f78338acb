const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const

/** A window as rules and people write it, in one unit: `3d`, `6h`, `5m`. */
export function formatWindow(windowMs: number): string {
  const [unit, unitMs] = units.find(([, size]) => windowMs % size === 0) ?? ['ms', 1]
  return `${windowMs / unitMs}${unit}`
}
