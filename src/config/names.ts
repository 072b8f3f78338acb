import { nearest } from '../kernel/index.ts'
import { type Finding, finding } from './finding.ts'
import { listChoices } from './found.ts'
import type { KeyPath } from './keyPath.ts'

/** A name that should be one of `known`, or what is wrong with it. */
export function checkName(
  path: KeyPath,
  name: string,
  known: readonly string[],
  what: string,
): readonly Finding[] {
  if (name === '' || known.includes(name)) return []
  const allowed = known.length === 0 ? `there is no ${what}` : `expected ${listChoices(known)}`
  return [finding(path, `is '${name}', ${allowed}`, nearest(name, known))]
}
