import { formatDuration } from '../../kernel/index.ts'

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })

/** `12,345` */
export const formatCount = (count: number): string => grouped.format(count)

/** Three digits and no more, without an exponent: `0.043`, `1.20`, `12.3`, `1,234`. */
function threeDigits(value: number): string {
  if (value === 0) return '0'
  if (value >= 99.95) return formatCount(value)
  if (value < 0.001) return '< 0.001'
  return value < 0.9995 ? value.toFixed(3) : value.toPrecision(3)
}

/** A latency, to three digits: `0.043 ms`, `12.3 ms`, `1.03 s`, `2 m 05 s`; `–` when nothing was counted. */
export function formatMs(durationMs: number | null | undefined): string {
  if (durationMs === null || durationMs === undefined) return '–'
  if (durationMs >= 59_950) return formatDuration(durationMs)
  return durationMs >= 999.5 ? `${threeDigits(durationMs / 1_000)} s` : `${threeDigits(durationMs)} ms`
}

/** The same for the label of an axis, without zeros that say nothing: `3 ms`, `0.5 s`. */
export const formatMsTick = (durationMs: number): string =>
  formatMs(durationMs)
    .replace(/(\.\d*?)0+(?= )/, '$1')
    .replace('. ', ' ')

/** `199/s`, `12.3/s`, `20/s` */
export const formatRate = (perSecond: number): string => `${threeDigits(perSecond).replace(/\.0+$/, '')}/s`

/** A share 0 … 1 as `12.3 %`, `0.23 %`; only all is `100 %`, and only nothing `0 %`. */
export function formatShare(share: number): string {
  const percent = share * 100
  if (percent === 0) return '0 %'
  if (percent < 0.001) return '< 0.001 %'
  if (percent < 9.95) return `${Number(percent.toPrecision(2))} %`
  if (percent < 99.95) return `${percent.toFixed(1)} %`
  return percent < 100 ? '> 99.9 %' : `${formatCount(percent)} %`
}

/** `part` of `whole`, as a share; `–` of nothing. */
export const formatShareOf = (part: number, whole: number): string =>
  whole === 0 ? '–' : formatShare(part / whole)

const megabyte = 1_000_000

/** `812 kB`, `9.48 MB` */
export const formatBytes = (bytes: number): string =>
  bytes >= megabyte ? `${threeDigits(bytes / megabyte)} MB` : `${threeDigits(bytes / 1_000)} kB`

/** Where in the run, to the second: `0:14`, `12:05`, `1:20:00`. */
export function formatClock(atMs: number): string {
  const seconds = Math.floor(atMs / 1_000)
  const two = (n: number) => String(n).padStart(2, '0')
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** `2026-03-12 09:41:07 UTC`, the same wherever it is read. */
export const formatMoment = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`

/** `1 request`, `2 requests` */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`
