/** Numbers as people say them: two digits, and no more precision than there is. */
const digits = (value: number): string => String(Number(value.toPrecision(2)))

/** `5.1 %`, `0.1 %`, `0 %`. */
export const percentText = (share: number): string =>
  share >= 0.995 ? `${Number((share * 100).toFixed(1))} %` : `${digits(share * 100)} %`

/** `3,012`. */
export const countText = (count: number): string => count.toLocaleString('en-GB')

export const requestsText = (count: number): string =>
  `${countText(count)} ${count === 1 ? 'request' : 'requests'}`

/** `12 times`, `1.4 times`. */
export const timesText = (ratio: number): string => (ratio >= 10 ? String(Math.round(ratio)) : digits(ratio))

export const msText = (ms: number): string => (ms >= 1_000 ? `${digits(ms / 1_000)} s` : `${digits(ms)} ms`)

/** `p = 0.02`, `p < 0.001`. */
export const pText = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${Number(p.toPrecision(1))}`)

type Bounds = { readonly low: number | null; readonly high: number | null }

/** `9 to 400`, `at least 9`, `at most 3`; undefined without bounds. */
export function boundsText({ low, high }: Bounds): string | undefined {
  if (low !== null && high !== null) return `${timesText(low)} to ${timesText(high)}`
  if (low !== null) return `at least ${timesText(low)}`
  return high === null ? undefined : `at most ${timesText(high)}`
}
