/**
 * Control characters, and those that turn the direction of writing: in a text of others (the name of a check, the reason
 * of a failure) they could steer a terminal, break a table, or make a line read as another.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const harmful = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g

/** The same value with a space for whatever harmful stands in any of its texts. */
export function harmless<T>(value: T): T {
  return clean(value) as T
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(harmful, ' ')
  if (Array.isArray(value)) return value.map(clean)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.replace(harmful, ' '), clean(item)]),
  )
}
