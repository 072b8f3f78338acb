import type { Effect } from './comparison.ts'

/** What the two sides are called: a branch, a release, "your working tree". */
export type Names = { readonly base: string; readonly change: string }

/** A number with its needless zeros gone. */
const tidy = (value: number, digits: number): string => String(Number(value.toFixed(digits)))

/** Per cents of a share without its sign: whole ones from 3 %, tenths below. */
const perCent = (share: number): string => tidy(Math.abs(share) * 100, Math.abs(share) < 0.0295 ? 1 : 0)

/** `6 %`, `0.4 %`: how large a share is, whatever its sign. */
export const sizeText = (share: number): string => `${perCent(share)} %`

/** `+6 %`, `−0.4 %`. */
export const signedText = (share: number): string => {
  const size = perCent(share)
  return `${size === '0' ? '' : share < 0 ? '−' : '+'}${size} %`
}

/** `p = 0.01`, `p < 0.001`. */
export const pText = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${tidy(p, p < 0.1 ? 3 : 2)}`)

/** An interval of one sign by its sizes (`3–9 %`), across zero with its signs (`−2 % to +1 %`). */
export function intervalText({ low, high }: { readonly low: number; readonly high: number }): string {
  if (low <= 0 && high >= 0) return `${signedText(low)} to ${signedText(high)}`
  const [near, far] = low < 0 ? [high, low] : [low, high]
  return `${perCent(near)}–${perCent(far)} %`
}

export const roundsText = (count: number): string => `${count} ${count === 1 ? 'round' : 'rounds'}`

/** The figures' names in tables. */
export const metricTitle: Readonly<Record<Effect['metric'], string>> = {
  carries: 'Carries',
  p50: 'p50',
  p99: 'p99',
  cpu: 'CPU per request',
  memory: 'Peak memory',
}

const threeDigits = (value: number): string =>
  value >= 1_000 ? Math.round(value).toLocaleString('en-GB') : String(Number(value.toPrecision(3)))

const units: Readonly<Record<Effect['metric'], (value: number) => string>> = {
  carries: (value) => `${threeDigits(value)} requests/s`,
  p50: (value) => `${threeDigits(value)} ms`,
  p99: (value) => `${threeDigits(value)} ms`,
  cpu: (value) => `${threeDigits(value)} µs`,
  memory: (value) => `${threeDigits(value / 2 ** 20)} MiB`,
}

/** A figure with its unit; a dash when there is none. */
export const figureText = (metric: Effect['metric'], value: number | null): string =>
  value === null ? '–' : units[metric](value)

/** Whether an effect is told from none. */
export const isDifference = (effect: Effect): boolean =>
  effect.interval !== null && (effect.interval.low > 0 || effect.interval.high < 0)
