import type { Json } from '../kernel/index.ts'
import { type Finding, finding } from './finding.ts'
import { isConfidential, type KeyPath } from './keyPath.ts'

const secretLike = /pass(word|wd|phrase)|secret|token|api_?key|private_?key|credential/i

/** Is this an environment variable whose name says that its value is a secret? */
export const looksSecret = (path: KeyPath): boolean =>
  isConfidential(path) && secretLike.test(String(path.at(-1)))

const capitals = (key: string): string => key.toUpperCase().replace(/[^A-Z0-9_]/g, '_')

/** Secrets that are written in clear text: not refused, since a test may need a fake one, but said. */
export function findClearText(value: Json | undefined, path: KeyPath = []): readonly Finding[] {
  if (typeof value === 'string' && value !== '' && looksSecret(path))
    return [finding(path, 'looks like a secret in clear text', `secret('${capitals(String(path.at(-1)))}')`)]
  if (typeof value !== 'object' || value === null || Object.hasOwn(value, 'secret')) return []
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return entries.flatMap(([key, item]) => findClearText(item, [...path, key]))
}
