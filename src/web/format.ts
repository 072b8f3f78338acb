import { formatDuration } from '../kernel/duration.ts'

const count = new Intl.NumberFormat('en-GB')
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' })

export const formatCount = (n: number): string => count.format(n)
export const formatExactly = (at: number): string => exact.format(at)

/** "just now", "3 m 05 s ago". */
export function formatAgo(at: number, now: number): string {
  const agoMs = now - at
  return agoMs < 5_000 ? 'just now' : `${formatDuration(agoMs)} ago`
}

export const formatTook = (from: number | undefined, to: number | undefined): string =>
  from === undefined || to === undefined ? '' : formatDuration(to - from)

export const formatShare = (share: number): string => `${Math.round(share * 100)} %`
export const formatMs = (durationMs: number): string =>
  durationMs < 10 ? `${durationMs.toFixed(1)} ms` : `${Math.round(durationMs)} ms`
export const formatLost = (lost: number, accepted: number): string =>
  `${formatCount(lost)} of ${formatCount(accepted)} lost`
