import { formatDuration } from '../kernel/duration.ts'

const count = new Intl.NumberFormat('en-GB')
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' })

export const formatCount = (n: number): string => count.format(n)
export const formatExactly = (at: number): string => exact.format(at)

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
] as const

/** In one unit, as people say it: "just now", "12 s ago", "3 h ago". */
export function formatAgo(at: number, now: number): string {
  const agoMs = now - at
  if (agoMs < 5_000) return 'just now'
  const unit = units.find(({ ms }) => agoMs >= ms) ?? units[3]
  return `${Math.floor(agoMs / unit.ms)} ${unit.name} ago`
}

export const formatTook = (from: number | undefined, to: number | undefined): string =>
  from === undefined || to === undefined ? '' : formatDuration(to - from)

export const formatShare = (share: number): string => `${Math.round(share * 100)} %`
export const formatMs = (durationMs: number): string =>
  durationMs < 10 ? `${durationMs.toFixed(1)} ms` : `${Math.round(durationMs)} ms`
export const formatLost = (lost: number, accepted: number): string =>
  `${formatCount(lost)} of ${formatCount(accepted)} lost`
