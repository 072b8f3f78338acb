const hourMs = 3_600_000

/** Ends that people choose for what ends by itself: milliseconds from now, and how they are said. */
export const usualEnds: readonly (readonly [durationMs: string, name: string])[] = [
  [String(hourMs), 'in 1 hour'],
  [String(2 * hourMs), 'in 2 hours'],
  [String(8 * hourMs), 'in 8 hours'],
  [String(24 * hourMs), 'in 1 day'],
  [String(7 * 24 * hourMs), 'in 7 days'],
]

/** What is chosen when nobody has chosen. */
export const usualEnd = String(2 * hourMs)
