import { type Json, oneLine } from '../kernel/index.ts'
import { isConfidential, type KeyPath } from './keyPath.ts'

const longest = 40

const shorten = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text)

const quote = (text: string): string => `'${shorten(oneLine(text))}'`

/** Which kind of value it is, without the value: safe for what may be a secret. */
function describeKind(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'string') return value === '' ? 'empty' : 'a text (not shown here)'
  return typeof value === 'number' ? 'a number' : 'a boolean'
}

/**
 * What was found, as a problem says it: short, on one line, and never the value of something confidential.
 */
export function describeFound(path: KeyPath, value: Json): string {
  if (isConfidential(path)) return describeKind(value)
  if (typeof value === 'string') return value === '' ? 'empty' : quote(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return describeKind(value)
}

/** `'a', 'b' or 'c'`. */
export function listChoices(names: readonly string[], last: 'or' | 'and' = 'or'): string {
  const quoted = names.map((name) => `'${name}'`)
  if (quoted.length < 2) return quoted.join('')
  return `${quoted.slice(0, -1).join(', ')} ${last} ${quoted.at(-1)}`
}
