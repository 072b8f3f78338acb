import type { Json } from '../kernel/index.ts'
import type { KeyPath } from './keyPath.ts'

type Odd = { readonly path: KeyPath; readonly found: string }
type Plain = { readonly value: Json; readonly odd: readonly Odd[] }

/** Says what a value is that JSON cannot say; undefined when JSON can. */
function nameOdd(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : String(value)
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    return `a ${typeof value}`
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return undefined
  return `an object of class ${value.constructor?.name || 'unknown'}`
}

/** A value as JSON, and apart from it what JSON cannot say (there the value is null). */
export function toPlain(root: unknown): Plain {
  const odd: Odd[] = []
  const note = (path: KeyPath, found: string): null => {
    odd.push({ path, found })
    return null
  }
  const visit = (value: unknown, path: KeyPath, around: readonly unknown[]): Json => {
    const name = nameOdd(value)
    if (name !== undefined) return note(path, name)
    if (typeof value !== 'object' || value === null) return value as Json
    if (around.includes(value)) return note(path, 'a circle (it contains itself)')
    const inside = [...around, value]
    if (Array.isArray(value)) return value.map((item, index) => visit(item ?? null, [...path, index], inside))
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    return Object.fromEntries(entries.map(([key, item]) => [key, visit(item, [...path, key], inside)]))
  }
  const value = root === undefined ? note([], 'not exported') : visit(root, [], [])
  return { value, odd }
}
