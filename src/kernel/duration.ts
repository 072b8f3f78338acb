const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const shape = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)/

/**
 * Reads a duration such as `250ms`, `30s`, `1m30s`, `2h` or `28d`.
 * @returns milliseconds, or undefined when the text is no duration
 */
export function parseDuration(text: string): number | undefined {
  let rest = text.trim()
  if (rest === '') return undefined
  let totalMs = 0
  while (rest !== '') {
    const part = shape.exec(rest)
    if (!part) return undefined
    totalMs += Number(part[1]) * (unitMs[part[2] ?? ''] ?? Number.NaN)
    rest = rest.slice(part[0].length)
  }
  return totalMs
}

/** Writes milliseconds the way people say them: `0.4 s`, `12 s`, `3 m 05 s`, `2 h 10 m`, `3 d 4 h`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`
  if (durationMs < 10_000) return `${(durationMs / 1_000).toFixed(1)} s`
  const seconds = Math.round(durationMs / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`
  return `${Math.floor(minutes / 1_440)} d ${Math.floor((minutes % 1_440) / 60)} h`
}

const written = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const

/** Writes milliseconds so that `parseDuration` reads them again: `1m30s`. */
export function writeDuration(durationMs: number): string {
  let restMs = durationMs
  const parts = written.map(([unit, unitMs]) => {
    const count = unit === 'ms' ? restMs : Math.floor(restMs / unitMs)
    restMs -= count * unitMs
    return count === 0 ? '' : `${count}${unit}`
  })
  return parts.join('') || '0s'
}
