import { type Matcher, nameLabel } from '../series.ts'
import type { Query } from './query.ts'

/** A text as PromQL writes it: JSON's escapes are among Go's. */
const quoted = (text: string): string => JSON.stringify(text)

const plainName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/

export function selectorText(matchers: readonly Matcher[]): string {
  const named = matchers.find(
    ({ label, is, value }) => label === nameLabel && is === '=' && plainName.test(value),
  )
  const others = matchers.filter((one) => one !== named)
  const braces = others.map(({ label, is, value }) => `${label}${is}${quoted(value)}`).join(',')
  return `${named?.value ?? ''}${others.length > 0 || !named ? `{${braces}}` : ''}`
}

/** A number as PromQL has it. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  return Object.is(value, -0) ? '-0' : String(value)
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const

/** A duration in one unit: `5m`, `90s`, `1500ms`. */
export function durationText(ms: number): string {
  const [unit, size] = units.find(([, size]) => ms % size === 0 && ms !== 0) ?? ['ms', 1]
  return `${ms / size}${unit}`
}

function offsetText(offsetMs = 0): string {
  if (offsetMs === 0) return ''
  return ` offset ${offsetMs < 0 ? '-' : ''}${durationText(Math.abs(offsetMs))}`
}

const rangeText = (matchers: readonly Matcher[], windowMs: number, offsetMs?: number): string =>
  `${selectorText(matchers)}[${durationText(windowMs)}]${offsetText(offsetMs)}`

/** Within another: in brackets where the order of operators would change it. */
function operand(query: Query): string {
  const isLoose = query.kind === 'arithmetic' || query.kind === 'or'
  const isNegative = query.kind === 'number' && numberText(query.value).startsWith('-')
  return isLoose || isNegative ? `(${toPromql(query)})` : toPromql(query)
}

/** The query as PromQL: what this store and a Prometheus answer alike. */
export function toPromql(query: Query): string {
  switch (query.kind) {
    case 'number':
      return numberText(query.value)
    case 'vector':
      return `vector(${numberText(query.value)})`
    case 'select':
      return `${selectorText(query.matchers)}${offsetText(query.offsetMs)}`
    case 'window':
      return `${query.function}(${rangeText(query.matchers, query.windowMs, query.offsetMs)})`
    case 'quantile_over_time':
      return `quantile_over_time(${numberText(query.quantile)}, ${rangeText(query.matchers, query.windowMs, query.offsetMs)})`
    case 'aggregate':
      return `${query.function} by (${query.by.join(', ')}) (${toPromql(query.of)})`
    case 'histogram_quantile':
      return `histogram_quantile(${numberText(query.quantile)}, ${toPromql(query.of)})`
    case 'arithmetic':
      return `${operand(query.left)} ${query.operator} ${operand(query.right)}`
    case 'or':
      return `${operand(query.left)} or ${operand(query.right)}`
  }
}
