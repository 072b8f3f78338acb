import { formatDuration } from '../kernel/duration.ts'

const count = new Intl.NumberFormat('en-GB')
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const month = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric' })
const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

type Clock = { readonly day: Intl.DateTimeFormat; readonly year: Intl.DateTimeFormat } & {
  readonly time: Intl.DateTimeFormat
  readonly exact: Intl.DateTimeFormat
}

/** Formatters are dear to make, and there are few zones; '' is that of whoever looks. */
const clocks = new Map<string, Clock>()

function clockIn(timeZone = ''): Clock {
  const known = clocks.get(timeZone)
  if (known) return known
  const as = (style: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { ...style, ...(timeZone === '' ? {} : { timeZone }) })
  const made = {
    day: as({ day: 'numeric', month: 'short' }),
    year: as({ year: 'numeric' }),
    time: as({ hour: '2-digit', minute: '2-digit', timeZoneName: 'short' }),
    exact: as({ dateStyle: 'medium', timeStyle: 'long' }),
  }
  clocks.set(timeZone, made)
  return made
}

export const formatCount = (n: number): string => count.format(n)
/** `3 Dec 2026, 14:00:00 GMT`, by the clocks of a zone, or of whoever looks. */
export const formatExactly = (at: number, timeZone?: string): string => clockIn(timeZone).exact.format(at)

/** `3 Dec` */
export const formatDay = (at: number): string => day.format(at)

/** `Dec 2026` */
export const formatMonth = (at: number): string => month.format(at)
/** `3 Dec 2026` */
export const formatDate = (at: number): string => date.format(at)

/** `14:00` */
export const formatTimeOfDay = (at: number): string => clock.format(at)

/** `3 Dec 14:00 UTC`; with its year when that is not the one of now. */
export function formatMoment(at: number, now: number, timeZone?: string): string {
  const { day, year, time } = clockIn(timeZone)
  const named = year.format(at) === year.format(now) ? '' : ` ${year.format(at)}`
  return `${day.format(at)}${named} ${time.format(at)}`
}

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
export function formatMs(durationMs: number): string {
  if (durationMs >= 10_000) return `${(durationMs / 1_000).toFixed(1)} s`
  return durationMs > 0 && durationMs < 10 ? `${durationMs.toFixed(1)} ms` : `${Math.round(durationMs)} ms`
}
export const formatSeconds = (seconds: number): string => formatMs(seconds * 1_000)
export const formatLost = (lost: number, accepted: number): string =>
  `${formatCount(lost)} of ${formatCount(accepted)} lost`

/** Per cents of a share, without its sign: whole ones from 3 %, tenths below. */
const perCent = (share: number): string =>
  String(Number((Math.abs(share) * 100).toFixed(Math.abs(share) < 0.0295 ? 1 : 0)))

/** How much a share is, whichever way: `6 %`, `0.4 %`. */
export const formatSize = (share: number): string => `${perCent(share)} %`

const twoDigits = (value: number): string => String(Number(value.toPrecision(2)))

/** A share in two digits, however small: `0.09 %`, `5.1 %`, `100 %`. */
export const formatPart = (share: number): string =>
  `${share >= 0.995 ? Number((share * 100).toFixed(1)) : twoDigits(share * 100)} %`

/** How many times as much: `0.12×`, `1.4×`, `48×`. */
export const formatTimes = (ratio: number): string =>
  `${ratio >= 10 ? formatCount(Math.round(ratio)) : twoDigits(ratio)}×`

/** A change as the command line says it: `−6 %`, `+0.4 %`. */
export function formatChange(share: number): string {
  const size = perCent(share)
  return `${size === '0' ? '' : share < 0 ? '−' : '+'}${size} %`
}

export const formatInterval = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  `${formatChange(low)} to ${formatChange(high)}`

export const formatP = (p: number): string =>
  p < 0.001 ? '< 0.001' : String(Number(p.toFixed(p < 0.1 ? 3 : 2)))

/** Three digits: `43.2 requests/s`, `1,234 requests/s`. */
export const formatRate = (perSecond: number): string =>
  `${perSecond >= 999.5 ? formatCount(Math.round(perSecond)) : Number(perSecond.toPrecision(3))} requests/s`

/** `1 round`, `2 rounds` */
export const plural = (n: number, one: string): string => `${formatCount(n)} ${one}${n === 1 ? '' : 's'}`

/** What the server says in half a sentence, where a whole one stands. */
export const asSentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
