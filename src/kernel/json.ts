/** What can be stored, sent and compared. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }

/**
 * The one way to write a value, for digests and comparisons: keys sorted, no white space, `undefined` left out.
 * @throws TypeError on NaN and infinities, which JSON cannot say
 */
export function canonicalJson(value: Json | undefined): string {
  if (value === undefined || value === null) return 'null'
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError(`${value} cannot be written as JSON`)
  if (typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`
  const entries = Object.entries(value as { [key: string]: Json | undefined })
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null

const sayingSomething = (value: { readonly [key: string]: unknown }): readonly string[] =>
  Object.keys(value).filter((key) => value[key] !== undefined)

/** Whether two values would be written alike by `canonicalJson`, without writing them. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (!isObject(a) || !isObject(b)) return (a ?? null) === (b ?? null)
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => sameJson(item, b[i]))
    )
  const keys = sayingSomething(a)
  return (
    keys.length === sayingSomething(b).length &&
    keys.every((key) => b[key] !== undefined && sameJson(a[key], b[key]))
  )
}
